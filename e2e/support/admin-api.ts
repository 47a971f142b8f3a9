import type { UsageEvent, UsageSummary, UsageTotals } from '@penstock/contracts';

/** A refusal by the control plane. */
export class AdminApiError extends Error {
  override readonly name = 'AdminApiError';
  readonly status: number;
  readonly body: unknown;

  constructor(request: string, status: number, body: unknown) {
    super(`${request} was answered ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** What tests read of a resource. */
export interface ResourceDocument {
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: { readonly id: string; readonly key?: string; readonly state?: string };
}

interface Page<Item> {
  readonly items: readonly Item[];
}

export interface GatewayInstanceDocument {
  readonly instanceId: string;
  readonly appliedRevision: number;
  readonly current: boolean;
  readonly state: string;
}

/** The control plane's REST API as an admin token may use it. */
export class AdminApi {
  readonly #base: string;
  readonly #token: string;

  /** `origin`: of the control plane, without a path. */
  constructor(origin: string, token: string) {
    this.#base = `${origin}/api/v1`;
    this.#token = token;
  }

  createProvider(name: string, spec: object): Promise<ResourceDocument> {
    return this.post('/llm-providers', { kind: 'LlmProvider', metadata: { name }, spec });
  }

  createProxy(name: string, spec: object): Promise<ResourceDocument> {
    return this.post('/llm-proxies', { kind: 'LlmProxy', metadata: { name }, spec });
  }

  createQuota(name: string, limits: readonly object[]): Promise<ResourceDocument> {
    return this.post('/quotas', { kind: 'Quota', metadata: { name }, spec: { limits } });
  }

  /** The secret of the new key. */
  async createKey(name: string, spec: object = {}): Promise<string> {
    const document = { kind: 'VirtualKey', metadata: { name }, spec };
    const { status } = await this.post<ResourceDocument>('/virtual-keys', document);
    if (!status.key) throw new Error('The answer that creates a key carries no secret.');
    return status.key;
  }

  async revokeKey(name: string): Promise<void> {
    await this.post(`/virtual-keys/${name}/revoke`);
  }

  /** The sums of one key; undefined when it has no usage yet. */
  async usageOfKey(key: string): Promise<UsageTotals | undefined> {
    const { items } = await this.get<UsageSummary>(`/usage/summary?groupBy=key&key=${encodeURIComponent(key)}`);
    return items.find((item) => item.key === key);
  }

  async usageEventsOfKey(key: string): Promise<readonly UsageEvent[]> {
    return (await this.get<Page<UsageEvent>>(`/usage/events?key=${encodeURIComponent(key)}`)).items;
  }

  async gatewayInstances(): Promise<readonly GatewayInstanceDocument[]> {
    return (await this.get<Page<GatewayInstanceDocument>>('/gateway-instances')).items;
  }

  /** @throws AdminApiError */
  get<Answer>(path: string): Promise<Answer> {
    return this.#send('GET', path);
  }

  /** @throws AdminApiError */
  post<Answer>(path: string, body?: object): Promise<Answer> {
    return this.#send('POST', path, body);
  }

  /** Changes a document by a JSON merge patch. @throws AdminApiError */
  patch<Answer>(path: string, body: object): Promise<Answer> {
    return this.#send('PATCH', path, body);
  }

  async #send<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new AdminApiError(`${method} ${path}`, response.status, answer);
    return answer as Answer;
  }
}
