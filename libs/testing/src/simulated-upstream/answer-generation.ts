import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Behaviour } from './behaviour.ts';
import { jsonAnswer, streamEvents } from './chat-answer.ts';
import { EventWriter } from './event-writer.ts';
import { cutConnection } from './faults.ts';
import type { Generation } from './generation.ts';
import type { LedgerEntry } from './ledger.ts';

/** Where an answer goes: the response, how to behave, and the entry that keeps the truth about it. */
export interface Answering {
  readonly response: ServerResponse;
  readonly behaviour: Behaviour;
  readonly entry: LedgerEntry;
  /** Resolves after the time, or at once when the caller leaves. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

const gone = ({ response }: Answering): boolean => response.destroyed;

/** Generates at the given pace and answers with one document. */
export async function answerJson(answering: Answering, generation: Generation): Promise<void> {
  const { behaviour, entry, response, pause } = answering;
  await pause(behaviour.firstTokenDelayMs);
  for (const _ of generation.tokens) {
    if (gone(answering)) return;
    entry.outputTokens += 1;
    if (behaviour.tokenDelayMs > 0) await pause(behaviour.tokenDelayMs);
  }
  if (gone(answering)) return;
  sendJson(response, behaviour, Buffer.from(JSON.stringify(jsonAnswer(generation, behaviour))));
  entry.finished = behaviour.fault?.kind !== 'wrong-content-length';
}

function sendJson(response: ServerResponse, { fault }: Behaviour, body: Buffer): void {
  const headers = { 'content-type': 'application/json' };
  if (fault?.kind === 'gzip') {
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(gzipSync(body));
  } else if (fault?.kind === 'wrong-content-length') {
    response.writeHead(200, { ...headers, 'content-length': body.length + 100 });
    response.write(body, () => response.destroy());
  } else {
    response.writeHead(200, { ...headers, 'content-length': body.length }).end(body);
  }
}

/** Generates at the given pace and streams each token as it comes. */
export async function answerStream(answering: Answering, generation: Generation): Promise<void> {
  const { behaviour, entry, response, pause } = answering;
  await pause(behaviour.firstTokenDelayMs);
  if (gone(answering)) return;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const writer = new EventWriter(response, behaviour);
  let index = 0;
  for (const { data, token } of streamEvents(generation, behaviour)) {
    if (await breaksBefore(answering, writer, index)) return;
    if (token) {
      entry.outputTokens += 1;
      if (index > 1) await pause(behaviour.tokenDelayMs);
    }
    if (gone(answering)) return;
    await writer.writeEvent(data);
    index += 1;
  }
  if (await breaksBefore(answering, writer, index)) return;
  if (behaviour.fault?.kind !== 'no-done') await writer.writeLines(['data: [DONE]']);
  response.end();
  entry.finished = true;
}

/** Whether the stream ends here by a fault. */
async function breaksBefore(answering: Answering, writer: EventWriter, index: number): Promise<boolean> {
  const { fault } = answering.behaviour;
  if (fault?.kind === 'cut' && fault.beforeEvent === index) {
    cutConnection(answering.response, fault.reset);
    return true;
  }
  if (fault?.kind === 'error-event' && fault.beforeEvent === index) {
    await writer.writeEvent({
      error: { message: 'simulated engine failure', type: 'InternalServerError', param: null, code: 500 },
    });
    await writer.writeLines(['data: [DONE]']);
    answering.response.end();
    return true;
  }
  if (fault?.kind === 'huge-event' && index === 1) {
    await writer.write(Buffer.concat([Buffer.from('data: "'), Buffer.alloc(fault.bytes, 'x')]));
  }
  return false;
}
