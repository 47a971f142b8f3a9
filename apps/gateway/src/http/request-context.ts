import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Dialect } from '@penstock/contracts';
import type { RequestFacts } from '@penstock/dialects';
import type { CompiledConfig, CompiledKey, CompiledProvider, CompiledProxy } from '../config/compiled-config.ts';
import type { PolicyRun } from '../policies/policy-run.ts';
import type { Route } from './route-table.ts';

/** Follows a request to its end: told once when the client has gone before the answer was complete. */
export interface ClientFollower {
  onClientGone(): void;
}

const NO_WARNINGS: readonly string[] = [];

/** One request on its way through the gateway, with the config that it began with. Fields are filled in as they become known. */
export class RequestContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly config: CompiledConfig;
  /** UUIDv7; identifies the usage event. */
  readonly id: string;
  /** The client's `x-request-id` if it is well-formed, else `id`. */
  readonly requestId: string;
  /** Monotonic clock, milliseconds. */
  readonly receivedAt: number;
  route: Route | null = null;
  /** What the path ends with, such as a model's name; decoded. */
  parameter = '';
  key: CompiledKey | null = null;
  facts: RequestFacts | null = null;
  /** The provider that answers, or was tried last. */
  provider: CompiledProvider | null = null;
  /** The provider model's id: what prices and labels go by. */
  modelId = '';
  /** The model's name at the provider; null before anything was sent. */
  upstreamModel: string | null = null;
  attempts = 0;
  /** Time that went to waiting for the client's body and for the upstream. */
  waitedMs = 0;
  /** The gateway's own share of the time until the answer's head was written; negative before. */
  answeredAfterMs = -1;
  /** When content of the answer came first, on the monotonic clock; 0 before. */
  firstTokenAt = 0;
  /** `x-ratelimit-*` names and values. */
  rateLimitHeaders: readonly string[] | null = null;
  /** Of the upstream that answered, or refused last; for policies that read a cost there. */
  upstreamAnswerHeaders: IncomingHttpHeaders | null = null;
  /** What of the request was lost on the way to the model: `x-penstock-warnings`. */
  warnings: string | null = null;
  /** What limits made of the request before it was sent; told with the warnings. */
  limitWarnings: readonly string[] = NO_WARNINGS;
  /** Whom the caller names as its user. */
  userTag: string | null = null;
  follower: ClientFollower | null = null;
  /** Null: the operation has no policies. */
  policies: PolicyRun | null = null;
  /** Those of the provider that is asked now; null: it has none, or they have run as the operation's own. */
  providerPolicies: PolicyRun | null = null;
  /** In which the body is written that the policies of a provider see; null for all others, who see the caller's. */
  upstreamDialect: Dialect | null = null;
  /** A provider's policies have limits among those that the request meets. */
  hasProviderLimits = false;
  /** The client wants to be told to go on before it sends the body. */
  expectsContinue = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    config: CompiledConfig,
    ids: { id: string; requestId: string },
  ) {
    this.request = request;
    this.response = response;
    this.config = config;
    this.id = ids.id;
    this.requestId = ids.requestId;
    this.receivedAt = performance.now();
  }

  get proxy(): CompiledProxy | null {
    return this.route?.proxy ?? null;
  }

  /** The gateway's own share of the time so far, milliseconds. */
  overheadMs(now: number): number {
    return Math.max(0, now - this.receivedAt - this.waitedMs);
  }
}
