import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, jest } from '@jest/globals';
import { resolveModelProfile } from '@penstock/dialects';
import type { CompiledConfig, CompiledProvider } from '../config/compiled-config.ts';
import { NO_LIMITS } from '../config/limit-set.ts';
import { COUNT_TOKENS_SURFACE } from '../endpoints/surfaces/anthropic-surfaces.ts';
import { CHAT_SURFACE } from '../endpoints/surfaces/openai-surfaces.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import { RequestContext } from '../http/request-context.ts';
import type { Settlement } from '../pipeline/settlement.ts';
import type { UpstreamExchange } from '../upstream/upstream-exchange.ts';
import { ActiveRequests } from './active-requests.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import type { DispatchOrder } from './dispatch-order.ts';
import { RequestDispatch } from './request-dispatch.ts';
import { RequestTranslation } from './request-translation.ts';
import { TargetLoads } from './target-loads.ts';

type Script = (exchange: UpstreamExchange) => void;
const request = { path: '/', method: 'POST', headers: [], body: Buffer.alloc(0) };
const failure = (code: string) => Object.assign(new Error(code), { code });
const fails =
  (code: string, started: boolean): Script =>
  (exchange) => {
    const controller = {} as Parameters<UpstreamExchange['onRequestStart']>[0];
    if (started) exchange.onRequestStart(controller);
    exchange.onResponseError(controller, failure(code));
  };

const controller = { abort: () => undefined } as unknown as Parameters<UpstreamExchange['onRequestStart']>[0];
const starts: Script = (exchange) => exchange.onRequestStart(controller);
const answersHead: Script = (exchange) => {
  starts(exchange);
  exchange.onResponseStart(controller, 200, { 'content-type': 'application/json' });
};
const breaksAfterHead: Script = (exchange) => {
  answersHead(exchange);
  exchange.onResponseError(controller, failure('UND_ERR_SOCKET'));
};
const answers =
  (text: string): Script =>
  (exchange) => {
    answersHead(exchange);
    exchange.onResponseData(controller, Buffer.from(text));
    exchange.onResponseEnd();
  };

const profiles = { of: () => resolveModelProfile('openai-chat') };

interface Asked {
  readonly surface: Surface;
  readonly body: Buffer;
}
const chat: Asked = { surface: CHAT_SURFACE, body: Buffer.from('{"model":"m"}') };

/** Runs a request whose targets are played by scripts, one provider each. */
function run(
  scripts: readonly Script[],
  faults: { build?: Error; cover?: Error } = {},
  { surface, body }: Asked = chat,
) {
  const loads = new TargetLoads();
  const providers = scripts.map((send, index) => {
    const buildRequest = () => {
      if (faults.build) throw faults.build;
      return request;
    };
    const timeouts = { connectMs: 1, firstByteMs: 1, idleMs: 1, totalMs: 0 };
    const id = String(index);
    return {
      id,
      name: id,
      timeouts,
      adapter: { buildRequest, dialectFor: () => 'openai-chat' },
      profiles,
      limits: NO_LIMITS,
      modelLimits: new Map(),
      pool: { send },
      breakers: new CircuitBreakers(),
      rules: null,
      servers: null,
      loads,
    };
  });
  const config = { providers: new Map(providers.map((provider) => [provider.id, provider as unknown])) };
  const response = { destroyed: true } as ServerResponse;
  const ids = { id: 'i', requestId: 'r' };
  const context = new RequestContext({} as IncomingMessage, response, config as unknown as CompiledConfig, ids);
  const settle = jest.fn<Settlement['settle']>();
  const abandon = jest.fn<Settlement['abandon']>();
  const covers = (_provider: CompiledProvider) => faults.cover === undefined;
  const cover = async () => Promise.reject(faults.cover ?? new Error('not asked'));
  const onFault = jest.fn<(error: unknown) => void>();
  const active = new ActiveRequests();
  const facts = { stream: false, model: 'm', members: [] };
  const order = {
    inquiry: {
      context,
      surface,
      facts,
      body,
      translation: new RequestTranslation(surface, 'r', { body, path: {} }),
      outputBounds: null,
    },
    targets: providers.map(({ id }) => ({ providerId: id, modelId: 'm', upstreamModel: 'm' })),
    settlement: { settle, covers, cover, abandon },
    onFault,
  } as unknown as DispatchOrder;
  new RequestDispatch(order, active).start();
  return { settle, abandon, active, onFault, context, load: loads.of('m') };
}

describe('RequestDispatch', () => {
  it.each([
    ['a connect timeout', [fails('UND_ERR_CONNECT_TIMEOUT', false)], false],
    ['a first-byte timeout', [fails('UND_ERR_HEADERS_TIMEOUT', true)], true],
    ['a broken connection', [fails('ECONNREFUSED', false)], false],
    ['two failures before anything was sent', [fails('X', false), fails('UND_ERR_CONNECT_TIMEOUT', false)], false],
  ] as const)('after %s: what may have been generated is charged', (_name, scripts, spent) => {
    const { settle, active } = run(scripts);
    expect(settle.mock.calls.map(([end]) => [end.spent, end.unseenMs !== undefined])).toEqual([[spent, spent]]);
    expect(active.size).toBe(0);
  });

  it.each([
    ['a first-byte timeout', fails('UND_ERR_HEADERS_TIMEOUT', true), 1],
    ['a connection that breaks after the head', breaksAfterHead, 1],
    ['an answer that is no JSON', answers('<html>'), 1],
    ['an answer that is an error', answers('{"error":{"message":"m","type":"server_error"}}'), 0],
    ['a connection that breaks before the head', fails('X', true), 0],
    ['a failure before anything was sent', fails('X', false), 0],
  ])('when another target is tried after %s: what may have been generated is not forgotten', (_name, first, times) => {
    const { settle, abandon } = run([first, fails('X', false)]);
    expect(abandon.mock.calls.map(([unseenMs]) => unseenMs >= 0)).toEqual(Array(times).fill(true));
    expect(settle.mock.calls.map(([end]) => [end.spent, end.unseenMs])).toEqual([[false, undefined]]);
  });

  it.each([
    ['before the head', starts, true],
    ['after the head', answersHead, true],
    ['before anything was sent', () => undefined, false],
  ])('tells that nothing is known of the output when the client leaves %s: %p', (_name, script, unseen) => {
    const { settle, context } = run([script]);
    context.follower?.onClientGone();
    expect(settle.mock.calls.map(([end]) => [end.outcome, end.spent, end.unseenMs !== undefined])).toEqual([
      ['client-closed', unseen, unseen],
    ]);
  });

  it.each([
    ['connecting', false],
    ['waiting for the answer', true],
  ])('charges a request that a shutdown ends while %s: %p', (_name, started) => {
    const { settle, active } = run([
      (exchange) => started && exchange.onRequestStart({ abort: () => undefined } as never),
    ]);
    active.shutDown();
    expect(settle.mock.calls.map(([end]) => end.spent)).toEqual([started]);
  });

  it.each(['build', 'cover'] as const)('settles once when %s throws', async (step) => {
    const fault = new Error('unforeseen');
    const { settle, active, onFault } = run([fails('X', false)], { [step]: fault });
    await new Promise(setImmediate);
    expect(settle.mock.calls.map(([end]) => [end.error?.code, end.spent])).toEqual([['internal_error', false]]);
    expect([active.size, onFault.mock.calls]).toEqual([0, [[fault]]]);
  });

  it.each([
    ['[{"role":"user","content":"x"}]', 200, undefined],
    ['[{"role":"user","content":7}]', 400, 'invalid_type'],
  ])('makes up for a count that no upstream gives, but not for messages like %s', (messages, status, code) => {
    const body = Buffer.from(`{"model":"m","messages":${messages}}`);
    const { settle, onFault } = run([fails('X', false)], {}, { surface: COUNT_TOKENS_SURFACE, body });
    expect(settle.mock.calls.map(([end]) => [end.status, end.error?.code])).toEqual([[status, code]]);
    expect(onFault).not.toHaveBeenCalled();
  });
});

describe('the load of targets', () => {
  it('counts an attempt while it is under way, however it ends', () => {
    expect(run([fails('X', false), fails('X', false)]).load.inFlight).toBe(0);
    expect(run([answers('{"choices":[]}')]).load.inFlight).toBe(0);
    const { load, context } = run([fails('X', false), starts]);
    expect(load.inFlight).toBe(1);
    context.follower?.onClientGone();
    expect(load.inFlight).toBe(0);
  });

  it('learns how long a whole answer took, and nothing of failures', () => {
    expect(run([fails('X', false)]).load.token.average).toBeNull();
    expect(run([answers('{"choices":[]}')]).load.token.average).toBeGreaterThan(0);
  });
});
