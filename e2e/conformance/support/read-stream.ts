import { parseSse, type ReceivedEvent } from '@penstock/testing';
import type { BrokenStream } from './caller.ts';
import type { Exchange } from './wire-log.ts';

/** The events of a stream, and the head of the answer that they came in. */
export async function readStream({ response, body }: Exchange): Promise<{
  readonly response: Pick<BrokenStream, 'status' | 'contentType'>;
  readonly events: readonly ReceivedEvent[];
}> {
  const contentType = response.headers.get('content-type') ?? '';
  return { response: { status: response.status, contentType }, events: parseSse(await body) };
}
