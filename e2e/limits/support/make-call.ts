import { iterateData } from '../../support/chat-stream.ts';
import type { ErrorAnswer, ReportedUsage } from '../../support/gateway-client.ts';
import type { CallRecord, Tokens } from '../history/history.ts';
import type { CallPlan } from './call-plan.ts';

/** Where calls go. */
export interface CallTarget {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly key: string;
}

const TIMEOUT_MS = 20_000;

type End = Pick<CallRecord, 'outcome' | 'reported'>;

/** Makes one call and writes down what the caller saw; it waits for so long at most. Never rejects. */
export async function makeCall(
  { baseUrl, key }: CallTarget,
  plan: CallPlan,
  timeoutMs = TIMEOUT_MS,
): Promise<CallRecord> {
  const { requestId, bound, body } = plan;
  const leaving = new AbortController();
  const invokedAt = Date.now();
  let end: End;
  try {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-request-id': requestId },
      body,
      signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(timeoutMs)]),
    });
    end = await readEnd(response, plan, leaving);
  } catch {
    // Refused, reset or broken off: the gateway's end of the connection is gone.
    end = { outcome: leaving.signal.aborted ? 'left' : 'cut', reported: null };
  }
  return { requestId, bound, invokedAt, endedAt: end.outcome === 'cut' ? null : Date.now(), ...end };
}

async function readEnd(response: Response, plan: CallPlan, leaving: AbortController): Promise<End> {
  if (response.status !== 200) return { outcome: await readRefusal(response), reported: null };
  if (plan.stream) return readStream(response, plan, leaving);
  const { usage } = (await response.json()) as { usage: ReportedUsage };
  return { outcome: 'answered', reported: tokensOf(usage) };
}

async function readRefusal(response: Response): Promise<CallRecord['outcome']> {
  const { error } = (await response.json()) as ErrorAnswer;
  if (response.status === 429) return 'denied';
  return error.code === 'limiter_unavailable' ? 'unavailable' : 'failed';
}

async function readStream(response: Response, plan: CallPlan, leaving: AbortController): Promise<End> {
  let reported: Tokens | null = null;
  let done = false;
  for await (const data of iterateData(response)) {
    if (plan.leaves) leaving.abort();
    if (data === '[DONE]') done = true;
    else reported = readUsage(data) ?? reported;
  }
  return { outcome: done ? 'answered' : 'failed', reported };
}

function readUsage(data: string): Tokens | null {
  if (!data.includes('"usage":{')) return null;
  return tokensOf((JSON.parse(data) as { usage: ReportedUsage }).usage);
}

const tokensOf = (usage: ReportedUsage): Tokens => ({ input: usage.prompt_tokens, output: usage.completion_tokens });
