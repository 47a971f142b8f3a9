import vm from 'node:vm';

/** One request that the page made. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly search: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What the fake answers: a status, a JSON body, and the ETag of a document. */
export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
}

type Answerer = (request: RecordedRequest) => FakeAnswer | undefined;

const EMPTY_PAGE = { items: [], total: 0, nextCursor: null };

/** What many pages read the time zone of. */
const ORGANIZATION = {
  apiVersion: 'penstock.dev/v1',
  kind: 'Organization',
  metadata: { name: 'default', labels: {}, annotations: {} },
  spec: { timeZone: 'UTC', quotas: [] },
  status: { id: '1', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' },
};

// jsdom has none of these; Node's own live outside of the test's context.
const node = vm.runInThisContext(
  '({ Request, Response, Headers, AbortController, AbortSignal, TextEncoder, TextDecoder })',
) as {
  readonly Request: typeof Request;
  readonly Response: typeof Response;
};

let handle: (request: Request) => Promise<Response> = () => Promise.reject(new Error('No fake API is installed.'));

// The API client keeps the `fetch` that it finds when it is loaded.
Object.assign(globalThis, node, { fetch: (request: Request) => handle(request) });

// jsdom's own event targets know jsdom's signals only, and Mantine's toasts listen until a signal says stop.
const listen = Object.getOwnPropertyDescriptor(EventTarget.prototype, 'addEventListener')?.value as (
  this: EventTarget,
  ...args: Parameters<EventTarget['addEventListener']>
) => void;
EventTarget.prototype.addEventListener = function addEventListener(type, listener, options) {
  if (typeof options !== 'object' || !options.signal) return listen.call(this, type, listener, options);
  const { signal, ...rest } = options;
  signal.addEventListener('abort', () => this.removeEventListener(type, listener, rest));
  return listen.call(this, type, listener, rest);
};

/**
 * Stands in for the control plane: records every request and answers it. What the answerer leaves open is answered with an
 * organization in UTC, or an empty page. Must be imported before whatever imports the API client.
 */
export function installFakeApi(answer: Answerer): RecordedRequest[] {
  const requests: RecordedRequest[] = [];
  handle = async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const text = await request.text();
    const recorded = {
      method: request.method,
      path: pathname,
      search: searchParams,
      headers: request.headers,
      body: text ? (JSON.parse(text) as unknown) : undefined,
    };
    requests.push(recorded);
    const { status, body, etag } = answer(recorded) ?? usual(recorded);
    return new node.Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...(etag === undefined ? {} : { etag }) },
    });
  };
  return requests;
}

function usual({ path }: RecordedRequest): FakeAnswer {
  return { status: 200, body: path === '/api/v1/organization' ? ORGANIZATION : EMPTY_PAGE };
}
