import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import type { UpstreamGuard } from './upstream-guard.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
const MAX_IGNORED_BYTES = 64 * 1024;

/** The host resolved to an address that may not be dialled. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

/** The upstream answered with more than 2 MiB. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
  readonly code = 'ANSWER_TOO_LARGE';
}

/**
 * GETs a URL that an admin has named. The addresses are checked at the moment of dialling and exactly those are dialled, so that
 * a name cannot change its mind in between; redirects are not followed and proxies of the environment are not used.
 */
export async function guardedGet(
  url: string,
  headers: Readonly<Record<string, string>>,
  guard: UpstreamGuard,
): Promise<{ readonly status: number; readonly body: string }> {
  return withGuardedDispatcher(url, guard, async (options) => {
    const answer = await request(url, { method: 'GET', headers, ...options });
    return { status: answer.statusCode, body: await readBounded(answer.body) };
  });
}

/** POSTs in the same way. Of the answer only the status counts: its body is thrown away, and the rest of a long one not read. */
export async function guardedPost(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  guard: UpstreamGuard,
): Promise<{ readonly status: number }> {
  return withGuardedDispatcher(url, guard, async (options) => {
    const answer = await request(url, { method: 'POST', headers, body, ...options });
    await answer.body.dump({ limit: MAX_IGNORED_BYTES });
    return { status: answer.statusCode };
  });
}

async function withGuardedDispatcher<Result>(
  url: string,
  guard: UpstreamGuard,
  ask: (options: { readonly dispatcher: Agent; readonly signal: AbortSignal }) => Promise<Result>,
): Promise<Result> {
  const refusal = await guard.refusal(url);
  if (refusal !== undefined) throw new AddressNotAllowedError(refusal);
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(guard) },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  try {
    return await ask({ dispatcher, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  } finally {
    await dispatcher.destroy();
  }
}

function guardedLookup(guard: UpstreamGuard): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const refusal = guard.refusalOf(addresses.map(({ address }) => address));
      if (refusal !== undefined) return callback(new AddressNotAllowedError(refusal), []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new AnswerTooLargeError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
