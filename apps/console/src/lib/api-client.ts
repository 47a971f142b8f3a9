import createClient, { type Middleware } from 'openapi-fetch';
import { apiErrorFrom, networkError } from './api-error.ts';
import { csrfToken } from './csrf-token.ts';
import type { paths } from './generated/admin-api.d.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Proves to the control plane that a write comes from this page and not from another site. */
const csrf: Middleware = {
  onRequest({ request }) {
    const token = csrfToken();
    if (token && !SAFE_METHODS.has(request.method)) request.headers.set('x-csrf-token', token);
    return request;
  },
  onError({ error }) {
    return networkError(error);
  },
};

/** The admin API, typed by the control plane's OpenAPI document. */
export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' });
api.use(csrf);

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What a request answered; throws the {@link ApiError} of a refusal. */
export async function unwrap<Data>(request: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await request;
  if (!response.ok) throw apiErrorFrom(response.status, error);
  return data as Data;
}

/** A document together with the version tag that its next write has to carry. */
export interface Versioned<Document> {
  readonly document: Document;
  readonly etag: string | null;
}

/** As {@link unwrap}, with the answer's ETag. */
export async function unwrapVersioned<Data>(request: Promise<Answer<Data>>): Promise<Versioned<Data>> {
  const answer = await request;
  const document = await unwrap(Promise.resolve(answer));
  return { document, etag: answer.response.headers.get('etag') };
}

/** Header of a write that must not overwrite somebody else's newer one; null takes any version. */
export function ifMatch(etag: string | null): { 'if-match': string } {
  return { 'if-match': etag ?? '*' };
}
