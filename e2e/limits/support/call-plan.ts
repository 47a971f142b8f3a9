import type { Tokens } from '../history/history.ts';
import { between } from './seeded-random.ts';

/** One chat that a caller is going to send. */
export interface CallPlan {
  readonly requestId: string;
  readonly body: string;
  readonly stream: boolean;
  /** The caller closes the connection after the first token. */
  readonly leaves: boolean;
  /** What a hard estimate holds: a token for each byte, and the bound of the output. */
  readonly bound: Tokens;
}

export interface CallMix {
  /** Output that is asked for, at most. */
  readonly maxOutputTokens: number;
  /** Of all calls, how many leave in the middle, and how many are cut by the upstream. */
  readonly leaving: number;
  readonly breaking: number;
}

/** What a hard estimate adds to a token for each byte, for the chat template. */
const TEMPLATE_TOKENS = 64;

/** The most that a chat can use, as a hard estimate holds it. */
export function boundOf(body: string, maxTokens: number): Tokens {
  return { input: Buffer.byteLength(body) + TEMPLATE_TOKENS, output: maxTokens };
}

/** Makes up calls: long and short, streamed and whole, quick and slow, and some that end badly. */
export function planCall(requestId: string, random: () => number, mix: CallMix): CallPlan {
  const stream = random() < 0.5;
  const maxTokens = between(random, 2, mix.maxOutputTokens);
  const fate = random();
  const leaves = stream && fate < 2 * mix.leaving;
  const breaks = stream && !leaves && fate > 1 - 2 * mix.breaking;
  const body = JSON.stringify({
    model: 'chat',
    messages: [{ role: 'user', content: Array.from({ length: between(random, 1, 12) }, () => 'water').join(' ') }],
    max_tokens: maxTokens,
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    simulate: {
      firstTokenDelayMs: between(random, 0, 40),
      tokenDelayMs: between(random, 0, 3),
      outputTokens: between(random, 1, maxTokens),
      ...(breaks ? { fault: { kind: 'cut', beforeEvent: 2 } } : {}),
    },
  });
  return { requestId, body, stream, leaves, bound: boundOf(body, maxTokens) };
}
