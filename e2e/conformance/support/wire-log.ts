import { randomUUID } from 'node:crypto';

/** One exchange as it went over the wire. */
export interface Exchange {
  readonly requestId: string;
  readonly response: Response;
  /** The whole body, once it has been read. */
  readonly body: Promise<string>;
}

/** A `fetch` for one request: gives it an id, and keeps what came back beside the official client that reads it. */
export function recordingFetch(): { readonly fetch: typeof fetch; readonly exchange: () => Exchange } {
  const requestId = randomUUID();
  let seen: Exchange | undefined;
  return {
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('x-request-id', requestId);
      const response = await fetch(input, { ...init, headers });
      const body = response.clone().text();
      // Whoever needs the body awaits it; a stream that breaks off must not end the process meanwhile.
      body.catch(() => undefined);
      seen = { requestId, response, body };
      return response;
    },
    exchange: () => {
      if (!seen) throw new Error('the client sent nothing');
      return seen;
    },
  };
}
