import { type SimulatedUpstream, waitUntil } from '@penstock/testing';
import type { Probe } from '../history/check-probes.ts';
import type { CallRecord, Tokens } from '../history/history.ts';
import { boundOf, type CallPlan } from './call-plan.ts';
import { type CallTarget, makeCall } from './make-call.ts';

/** A small chat that takes this long. */
export function smallCall(requestId: string, takesMs = 0): CallPlan {
  const body = JSON.stringify({
    model: 'chat',
    messages: [{ role: 'user', content: 'water' }],
    max_tokens: 2,
    simulate: { firstTokenDelayMs: takesMs, outputTokens: 2 },
  });
  return { requestId, body, stream: false, leaves: false, bound: boundOf(body, 2) };
}

/** What a small chat holds at most. */
export const smallBound = (): Tokens => smallCall('', 9_999).bound;

export interface ProbeOptions {
  readonly target: CallTarget;
  readonly upstream: SimulatedUpstream;
  /** Calls of the probes are added here. */
  readonly calls: CallRecord[];
  /** Of the request ids. */
  readonly prefix: string;
}

const SLOW_MS = 4_000;

/** As many calls at once as the limit allows must all run, and one more must not. */
export async function probeConcurrency(
  { target, upstream, calls, prefix }: ProbeOptions,
  max: number,
): Promise<Probe[]> {
  const running = Array.from({ length: max }, (_, index) => makeCall(target, smallCall(`${prefix}-${index}`, SLOW_MS)));
  let over = false;
  const together = Promise.all(running).finally(() => (over = true));
  // Those that are refused are over at once; the others are seen running.
  await waitUntil('the calls to run', () => over || upstream.inFlight >= max, { timeoutMs: SLOW_MS * 2 }).catch(
    () => undefined, // fewer run: their answers tell which were denied
  );
  const oneMore = await makeCall(target, smallCall(`${prefix}-one-more`));
  const ended = await together;
  calls.push(...ended, oneMore);
  return [
    ...ended.map((call) => probeOf(`call ${call.requestId} of ${max} at once`, true, call)),
    probeOf(`one more than ${max} calls at once`, false, oneMore),
  ];
}

/** One call, of which it is known whether there is room for it. */
export async function probeOnce(options: ProbeOptions, what: string, fits: boolean): Promise<Probe> {
  const call = await makeCall(options.target, smallCall(`${options.prefix}-${what.replaceAll(' ', '-')}`));
  options.calls.push(call);
  return probeOf(what, fits, call);
}

const probeOf = (what: string, fits: boolean, call: CallRecord): Probe => ({
  what,
  fits,
  admitted: call.outcome === 'answered',
});
