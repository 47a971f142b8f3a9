/** The kinds of load. `per` names what CPU and throughput are counted by. */
export const works = [
  { name: 'JSON, concurrency 1', per: 'request', options: { '--connections': 1 } },
  { name: 'JSON, concurrency 32', per: 'request', options: { '--connections': 32 } },
  { name: 'JSON, concurrency 256', per: 'request', options: { '--connections': 256 } },
  {
    name: 'SSE of 100 chunks at once, concurrency 32',
    per: 'chunk',
    options: { '--connections': 32, '--mode': 'sse' },
  },
  {
    name: 'SSE of 100 chunks every 10 ms, concurrency 100',
    per: 'chunk',
    options: { '--connections': 100, '--mode': 'sse', '--gap-ms': 10 },
  },
];

/** Streams that are open and silent, for the memory that each one takes. */
export const idleStreams = 1000;
export const idleWork = {
  name: 'idle streams',
  per: 'stream',
  options: { '--connections': idleStreams, '--mode': 'idle' },
};
