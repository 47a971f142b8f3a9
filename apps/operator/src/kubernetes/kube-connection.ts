import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import { type Dispatcher, fetch, type Response } from 'undici';
import { KubeError } from './kube-error.ts';

/** What the service account's token and certificates are read again after; they are replaced while the process runs. */
const CREDENTIALS_MS = 60_000;
const TIMEOUT_MS = 30_000;

export interface KubeRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's URL, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Of the body; JSON where it is left out. */
  readonly type?: string;
  /** The form of the answer; plain JSON where it is left out. */
  readonly accept?: string;
  /** Ends the request; it ends after 30 seconds where there is none. */
  readonly signal?: AbortSignal;
}

interface Credentials {
  readonly headers: Record<string, string>;
  readonly dispatcher: Dispatcher | undefined;
}

/** HTTP to one API server, with the credentials and certificates of a kubeconfig or of the pod's service account. */
export class KubeConnection {
  readonly #config: KubeConfig;
  #credentials: Promise<Credentials> | undefined;
  #until = 0;

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  /** The answer as an object. Throws {@link KubeError}. */
  async json<Answer>(request: KubeRequest): Promise<Answer> {
    const response = await this.open(request);
    return (await response.json()) as Answer;
  }

  /** The answer with its body still to be read, such as a watch. Throws {@link KubeError}. */
  async open({ method = 'GET', path, body, signal, ...forms }: KubeRequest): Promise<Response> {
    const { type = 'application/json', accept = 'application/json' } = forms;
    const { headers, dispatcher } = await this.#authenticate();
    const response = await fetch(`${this.#server()}${path}`, {
      method,
      headers: { ...headers, accept, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(dispatcher && { dispatcher }),
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw unanswered(error);
    });
    if (response.ok) return response;
    if (response.status === 401) this.#until = 0;
    throw refused(response.status, await response.text());
  }

  #server(): string {
    const cluster = this.#config.getCurrentCluster();
    if (!cluster) throw new KubeError('the kubeconfig names no cluster', 0, 'NoCluster');
    return cluster.server.replace(/\/+$/, '');
  }

  async #authenticate(): Promise<Credentials> {
    if (!this.#credentials || Date.now() >= this.#until) {
      const former = this.#credentials;
      this.#until = Date.now() + CREDENTIALS_MS;
      this.#credentials = this.#readCredentials();
      // Watches that still run on the former connections keep them until they end.
      void former?.then(
        ({ dispatcher }) => dispatcher?.close(),
        () => {}, // Those could not be read, which whoever asked for them was told.
      );
    }
    try {
      return await this.#credentials;
    } catch (error) {
      this.#credentials = undefined;
      throw unanswered(error);
    }
  }

  /** The client makes new connections each time that it is asked, so it is asked seldom. */
  async #readCredentials(): Promise<Credentials> {
    const context = new RequestContext(this.#server(), HttpMethod.GET);
    await this.#config.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher() as Dispatcher | undefined;
    return { headers: context.getHeaders(), dispatcher };
  }
}

function unanswered(error: unknown): KubeError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new KubeError(`the API server does not answer: ${message}`, 0, 'Unanswered', error);
}

function refused(status: number, text: string): KubeError {
  const { message, reason } = statusIn(text);
  return new KubeError(message ?? `the API server answered ${status}`, status, reason ?? 'Unknown');
}

function statusIn(text: string): { readonly message?: string; readonly reason?: string } {
  try {
    return JSON.parse(text) as { readonly message?: string; readonly reason?: string };
  } catch {
    // A proxy in between speaks no JSON; the status says enough.
    return {};
  }
}
