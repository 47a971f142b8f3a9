/** No connection to the upstream could be had: its pool is exhausted or closed. */
export class UpstreamQueueError extends Error {
  override readonly name = 'UpstreamQueueError';
  readonly code = 'UPSTREAM_QUEUE';
}
