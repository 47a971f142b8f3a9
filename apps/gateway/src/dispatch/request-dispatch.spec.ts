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
import { type DispatchOrder, RequestDispatch } from './request-dispatch.ts';
import { RequestTranslation } from './request-translation.ts';

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
    };
  });
  const config = { providers: new Map(providers.map((provider) => [provider.id, provider as unknown])) };
  const response = { destroyed: true } as ServerResponse;
  const ids = { id: 'i', requestId: 'r' };
  const context = new RequestContext({} as IncomingMessage, response, config as unknown as CompiledConfig, ids);
  const settle = jest.fn<Settlement['settle']>();
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
    settlement: { settle, covers, cover },
    onFault,
  } as unknown as DispatchOrder;
  new RequestDispatch(order, active).start();
  return { settle, active, onFault };
}

describe('RequestDispatch', () => {
  it.each([
    ['a connect timeout', [fails('UND_ERR_CONNECT_TIMEOUT', false)], false],
    ['a first-byte timeout', [fails('UND_ERR_HEADERS_TIMEOUT', true)], true],
    ['a broken connection', [fails('ECONNREFUSED', false)], false],
    ['a first-byte timeout and another failure', [fails('UND_ERR_HEADERS_TIMEOUT', true), fails('X', false)], true],
    ['two failures before anything was sent', [fails('X', false), fails('UND_ERR_CONNECT_TIMEOUT', false)], false],
  ] as const)('after %s: what may have been generated is charged', (_name, scripts, spent) => {
    const { settle, active } = run(scripts);
    expect(settle.mock.calls.map(([end]) => end.spent)).toEqual([spent]);
    expect(active.size).toBe(0);
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
