import { expect } from '@jest/globals';
import type { Cell } from '../support/cell.ts';
import type { Scenario } from '../support/conformance-world.ts';
import type { Check } from '../support/feature.ts';
import { Refusal } from '../support/refusal.ts';
import { ANSWER, SAID } from '../support/spoken.ts';

const MESSAGES = 'POST /v1/messages';

/** A vendor's refusals as the caller's dialect puts them, and answers that break off: never taken for complete ones. */
export const checkErrors: Check = async (cell) => {
  for (const stream of [false, true]) {
    const limited = await refusal(cell, 'error-rate-limit', stream);
    expect(limited).toEqual({ status: 429, code: code(cell, 'rate_limit_exceeded', 'rate_limit_error') });
    expect(await refusal(cell, 'error-auth', stream)).toEqual({
      status: 502,
      code: code(cell, 'upstream_auth_error', 'api_error'),
    });
    expect(await refusal(cell, 'error-overloaded', stream)).toEqual(overloaded(cell));
    const tooLong = await refusal(cell, 'error-context-length', stream);
    expect(tooLong).toEqual({
      status: 400,
      code: cell.caller.path === MESSAGES ? 'invalid_request_error' : 'context_length_exceeded',
    });
  }
  await expectWaitingTime(cell);
  const first = await refusal(cell, 'error-first-event', true);
  expect(first.status).toBe(firstEventStatus(cell));
  for (const scenario of ['error-mid-stream', 'cut', 'truncated'] as const) await expectBroken(cell, scenario);
  expect((await refusal(cell, 'cut', false)).status).toBe(502);
};

type Told = Pick<Refusal, 'status' | 'code'>;

async function refused(cell: Cell, scenario: Scenario, stream: boolean): Promise<Refusal> {
  const question = cell.question(scenario, { stream, say: SAID });
  const thrown: unknown = await cell.caller.ask(question).catch((error: unknown) => error);
  if (!(thrown instanceof Refusal)) throw new Error(`no refusal but ${String(thrown)}`, { cause: thrown });
  return thrown;
}

async function refusal(cell: Cell, scenario: Scenario, stream: boolean): Promise<Told> {
  const { status, code: told } = await refused(cell, scenario, stream);
  return { status, code: told };
}

/** What each vendor says in a stream before anything else: Anthropic and Gemini that they are overloaded. */
function firstEventStatus(cell: Cell): number {
  if (cell.upstream.name === 'awsbedrock') return 429;
  return /^(?:anthropic|gemini)/.test(cell.upstream.name) ? overloaded(cell).status : 502;
}

function overloaded(cell: Cell): Told {
  return cell.upstream.overload === 'overloaded'
    ? { status: cell.caller.path === MESSAGES ? 529 : 503, code: code(cell, 'overloaded', 'overloaded_error') }
    : { status: 429, code: code(cell, 'rate_limit_exceeded', 'rate_limit_error') };
}

/** Each dialect has words of its own for the gateway's code. */
function code({ caller }: Cell, own: string, anthropic: string): string {
  if (caller.path === MESSAGES) return anthropic;
  return caller.name === 'generate-content' ? own.toUpperCase() : own;
}

async function expectWaitingTime(cell: Cell): Promise<void> {
  const { headers } = await refused(cell, 'error-rate-limit', false);
  expect(headers.get('retry-after')).toBe(cell.upstream.retryAfter);
}

/** What was said before stays said; then an error ends the stream, and the official client throws it. */
async function expectBroken(cell: Cell, scenario: Scenario): Promise<void> {
  const asked = { stream: true, say: SAID };
  const wire = await cell.read(scenario, asked);
  expect(wire).toMatchObject({ status: 200, complete: false, error: expect.any(String) });
  expect(wire.text).not.toBe('');
  expect(ANSWER.startsWith(wire.text)).toBe(true);
  const thrown: unknown = await cell.caller.ask(cell.question(scenario, asked)).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Error);
  expect(thrown).not.toBeInstanceOf(Refusal);
}
