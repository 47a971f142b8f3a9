import type { CanonicalEvent, JsonObject, RequestFacts } from '@penstock/dialects';
import type { ProxyRoutes, RouteTarget } from '@penstock/routing';
import type { AnswerEnd } from '../dispatch/relay.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { HeaderList } from '../http/write-response.ts';
import type { UpstreamFailure } from '../upstream/upstream-failure.ts';
import type { KnownStream } from './known-stream.ts';
import type { PolicyLimits } from './policy-limits.ts';
import type { TargetRank } from './target-ranks.ts';

/** What a policy answers in place of an upstream, or of its answer. */
export interface PolicyAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** Beside those that every answer has. */
  readonly headers?: HeaderList;
}

/** A credential that stands where a policy says, and what is answered when it opens nothing. */
export interface ShownCredential {
  /** '' where there is none. */
  readonly value: string;
  /** The header in which it stands, in lower case; undefined: elsewhere. */
  readonly header?: string;
  readonly refusal: PolicyAnswer;
}

/** One request as its policies see it. */
export interface PolicyCall {
  readonly context: RequestContext;
  /** What policies tell each other; `selected_provider` names the provider that was chosen. */
  readonly metadata: Map<string, string>;
  /** Headers of the request to the upstream, in lower case: a value to be set, or null to be taken off. */
  readonly upstreamHeaders: Map<string, string | null>;
  /** The same of the answer to the caller. */
  readonly answerHeaders: Map<string, string | null>;
}

/** A request of which only the head is there: what happens to the rest of it can be said. */
export interface HeadCall extends PolicyCall {
  /** The largest body that is read, beside the gateway's own bound; policies lower it. */
  maxBodyBytes: number;
  /** What counts instead of the usual headers; null: those. */
  credential: ShownCredential | null;
  /** Headers, in lower case, that hold something else than a key. */
  notKeys: readonly string[];
  /** Who the caller is, as a policy found it proven; null: as the request says. */
  user: string | null;
}

/** A request whose body is there. */
export interface BodyCall extends PolicyCall {
  readonly facts: RequestFacts;
  /** As it came. */
  readonly bytes: Buffer;
  /** The body in the caller's dialect, parsed on first use; what is changed in it goes upstream after {@link BodyCall.markChanged}. */
  readonly json: JsonObject;
  markChanged(): void;
}

/** Where a request may go. Policies change `targets`, and name what they chose. */
export interface RouteChoice {
  readonly routes: ProxyRoutes;
  /** The model that the caller asks for. */
  readonly model: string;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
  /** In the order in which they are tried. */
  targets: readonly RouteTarget[];
  /** A policy has chosen the targets; those that go by the head of the request leave its choice. */
  decided?: boolean;
  /** What policies tell later ones of targets that they chose. */
  ranks?: ReadonlyMap<RouteTarget, TargetRank>;
}

type Events = readonly CanonicalEvent[];

/**
 * Follows the events of a streamed answer. May hold some back, change them, and throw (or reject with) a GatewayError, which ends the
 * stream. While a promise is open the upstream waits, and no further event is pushed.
 */
export interface StreamFilter {
  push(event: CanonicalEvent): Events | Promise<Events>;
}

/** What a policy makes of a whole answer: whether it changed it, or what is answered instead. */
export type AnswerVerdict = PolicyAnswer | boolean;

/** One configured step of a proxy. A hook that is left out costs nothing; none of them may block the event loop. */
export interface Policy {
  readonly name: string;
  /** What it takes of each request; reserved together with all other limits. */
  readonly limits?: PolicyLimits;
  /** A browser asks what it may send. */
  onPreflight?(call: PolicyCall): HeaderList;
  /** The head is there; before authentication. What is returned is answered at once. */
  onHead?(call: HeadCall): PolicyAnswer | undefined | Promise<PolicyAnswer | undefined>;
  /** The body is there; after authentication. What is returned is answered at once. */
  onBody?(call: BodyCall): PolicyAnswer | undefined | Promise<PolicyAnswer | undefined>;
  /** The caller may use its model; before limits. What is returned is answered instead of asking the model, and metered as a request without tokens. */
  onLookUp?(call: BodyCall): Promise<JsonObject | KnownStream | undefined>;
  /** Targets are chosen. */
  onRoute?(call: BodyCall, choice: RouteChoice): void;
  /** A target was tried; `failed`: it is worth leaving out for a while (5xx, 429, unreachable). */
  onAttempt?(call: PolicyCall, target: RouteTarget, failed: boolean): void;
  /** After a failure: whether a target may be tried; undefined: as usual. */
  mayTry?(call: PolicyCall, target: RouteTarget, failure: UpstreamFailure): boolean | undefined;
  /** A whole answer of the model, in the caller's dialect; it may be changed in place (return true). In reverse order of policies. */
  onAnswer?(call: PolicyCall, answer: JsonObject): AnswerVerdict | Promise<AnswerVerdict>;
  /** For a streamed answer; undefined: it passes as it is. In reverse order of policies. */
  createStreamFilter?(call: PolicyCall): StreamFilter | undefined;
  /** The head of the answer leaves; names and values in turn. */
  onAnswerHead?(call: PolicyCall, headers: HeaderList): void;
  /** The request is over. */
  onEnd?(call: PolicyCall, end: AnswerEnd): void;
}
