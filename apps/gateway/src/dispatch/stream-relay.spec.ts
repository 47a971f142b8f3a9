import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, jest } from '@jest/globals';
import type { CompiledConfig } from '../config/compiled-config.ts';
import { CHAT_SURFACE } from '../endpoints/surfaces/openai-surfaces.ts';
import { RequestContext } from '../http/request-context.ts';
import type { UpstreamExchange } from '../upstream/upstream-exchange.ts';
import type { RelayOwner } from './relay.ts';
import { StreamRelay } from './stream-relay.ts';

describe('StreamRelay', () => {
  it('reads the rest of an answer that is complete, also when the client does not read and goes', () => {
    let paused = false;
    const exchange = { pause: () => (paused = true), resume: () => (paused = false) };
    const response = { write: () => false, on: () => undefined, writeHead: () => undefined };
    const ids = { id: 'i', requestId: 'r' };
    const context = new RequestContext(
      { headers: {} } as IncomingMessage,
      response as unknown as ServerResponse,
      {} as CompiledConfig,
      ids,
    );
    const finish = jest.fn<RelayOwner['finish']>();
    const owner = { context, exchange: exchange as unknown as UpstreamExchange, accepted: () => undefined, finish };
    const reader = CHAT_SURFACE.createReader({ stream: true, model: 'm', members: [] } as never);
    const relay = new StreamRelay(owner as unknown as RelayOwner, CHAT_SURFACE, reader);
    const choices = [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }];
    const event = (data: string) => Buffer.from(`data: ${data}\n\n`);
    relay.onData(event(JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices })));
    expect([paused, relay.stalledSince > 0]).toEqual([true, true]);
    relay.onData(event('[DONE]'));
    expect(finish.mock.calls.map(([end]) => end.outcome)).toEqual(['completed']);
    expect(paused).toBe(false);
  });
});
