import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect, ModelProfile } from '@penstock/contracts';
import {
  EventStreamParser,
  type JsonObject,
  type ParameterPolicy,
  parseFaithfully,
  type RequestFacts,
  SseParser,
  Warnings,
} from '@penstock/dialects';
import {
  type BodyCall,
  chooseDialect,
  CONVERSATION,
  CONVERSATIONS,
  type HeaderMap,
  isTranslated,
  type UpstreamRequest,
} from '@penstock/providers';
import type { OutputBounds } from '@penstock/rate-limiting';
import type { RouteTarget } from '@penstock/routing';
import type { CompiledProvider } from '../config/compiled-config.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import { countingAnswers } from './answer-counts.ts';
import { chainFilters } from '../policies/chain-filters.ts';
import type { StreamFilter } from '../policies/policy.ts';
import { JsonRelay } from './json-relay.ts';
import type { Relay, RelayOwner } from './relay.ts';
import type { RequestTranslation } from './request-translation.ts';
import { StreamRelay } from './stream-relay.ts';
import { type EventParser, TranslatingStreamRelay } from './translating-stream-relay.ts';
import { governedReader, passThroughReader, tokenCountReader, translatingReader } from './whole-answer.ts';

/** What is asked, whomever it is asked of. */
export interface Inquiry {
  readonly context: RequestContext;
  readonly surface: Surface;
  readonly facts: RequestFacts;
  readonly body: Buffer;
  readonly translation: RequestTranslation;
  /** The most tokens that one answer may have, since a limit holds them; null: as the caller says. */
  readonly outputBounds: OutputBounds | null;
}

/** One attempt: what is sent, and how the answer is passed on. */
export interface AttemptPlan {
  readonly request: UpstreamRequest;
  /** Chosen when the head of a successful answer is there. */
  createRelay(owner: RelayOwner, head: AnswerHead): Relay;
}

export interface AnswerHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** An attempt before anything of it is fixed: policies of the provider may still change its body. */
export interface AttemptDraft {
  readonly asked: Asked;
  readonly call: BodyCall;
  readonly body: Buffer;
  readonly clientHeaders: HeaderMap;
  readonly createRelay: AttemptPlan['createRelay'];
}

/** Drafts how a target is asked at one of its base URLs. Throws GatewayError when it cannot be asked this. */
export function draftAttempt(
  inquiry: Inquiry,
  target: RouteTarget,
  { provider, baseUrl }: { readonly provider: CompiledProvider; readonly baseUrl: string },
): AttemptDraft {
  const { surface, facts, context } = inquiry;
  const { adapter, profiles } = provider;
  const { modelId, upstreamModel } = target;
  const usual = profiles.of(modelId, upstreamModel);
  const dialect = chooseDialect(surface, facts, { adapter, profile: usual }) ?? surface.dialect;
  const profile = profiles.of(modelId, upstreamModel, dialect);
  const outputBound = inquiry.outputBounds?.get(target) ?? null;
  const apiVersion = target.apiVersion ?? provider.apiVersion;
  const asked: Asked = { inquiry, provider, baseUrl, profile, upstreamModel, apiVersion, outputBound };
  context.warnings = null;
  const draft = isRewritten(asked, dialect) ? translate(asked, dialect) : passThrough(asked);
  if (outputBound !== null) noteBound(inquiry, profile, outputBound);
  return draft;
}

/** The attempt with the body that is sent. Throws GatewayError when it cannot be asked this. */
export function completeAttempt({ asked, call, clientHeaders, createRelay }: AttemptDraft, body: Buffer): AttemptPlan {
  const request = buildRequest(asked, call, { body, clientHeaders });
  if (call.operation === 'count-tokens') return { request, createRelay };
  return { request, createRelay: countingAnswers(createRelay, { ...asked, path: request.path }) };
}

/** Policies that follow a stream read its events, whatever dialect it comes in. */
function isRewritten({ inquiry: { surface, facts, context }, provider }: Asked, dialect: Dialect): boolean {
  if (isTranslated(surface, dialect, provider.adapter)) return true;
  if (!facts.stream || !CONVERSATIONS.has(surface.operation)) return false;
  return context.policies?.filtersStreams === true || context.providerPolicies?.filtersStreams === true;
}

/** Tells the caller that its answer was bounded, or more narrowly than it asked. */
function noteBound({ surface, facts, context }: Inquiry, { maxTokensField }: ModelProfile, bound: number): void {
  const asked = facts.maxOutputTokens;
  if (asked !== null && asked <= bound) return;
  const { outputFields } = surface;
  const given = outputFields.find((field) => facts.members.some(({ key }) => key === field));
  const field = given ?? outputFields.find((name) => name === maxTokensField) ?? outputFields[0] ?? '';
  const note = `${asked === null ? 'injected' : 'clamped'}:${field}`;
  const others = context.warnings?.split(', ').filter((warning) => warning !== note) ?? [];
  context.warnings = [...others, note].join(', ');
}

interface Asked {
  readonly inquiry: Inquiry;
  readonly provider: CompiledProvider;
  readonly baseUrl: string;
  readonly profile: ModelProfile;
  readonly upstreamModel: string;
  readonly apiVersion: string | null;
  readonly outputBound: number | null;
}

function passThrough(asked: Asked): AttemptDraft {
  const { surface, facts, body, context } = asked.inquiry;
  const { adapter } = asked.provider;
  const call: BodyCall = { ...bodyCall(asked, surface.dialect), operation: surface.operation, translated: false };
  const { upstreamModel, profile, outputBound } = asked;
  const origin = { dialect: surface.dialect, modelGroup: profile.modelGroup ?? upstreamModel };
  const output = outputBound === null ? null : { tokens: outputBound, field: profile.maxTokensField };
  let bytes = surface.rewrite(body, facts, { upstreamModel, origin, output });
  if (adapter.adjustBody && adapter.needsAdjustment?.(facts, body, call)) {
    const warnings = new Warnings(policyOf(context));
    bytes = serialize(adapter.adjustBody(parseFaithfully(bytes.toString('utf8')) as JsonObject, call, warnings));
    context.warnings = warnings.header();
  }
  return {
    asked,
    call,
    body: bytes,
    clientHeaders: context.request.headers as HeaderMap,
    createRelay: (owner, head) =>
      isEventStream(facts, head)
        ? new StreamRelay(owner, surface, surface.createReader(facts))
        : new JsonRelay(
            owner,
            head,
            governedReader(
              surface.answerReader?.(facts, body) ?? passThroughReader(surface, facts.stream),
              context.policies,
              context.providerPolicies,
            ),
          ),
  };
}

function translate(asked: Asked, dialect: Dialect): AttemptDraft {
  const { surface, facts, context, translation } = asked.inquiry;
  const { profile, upstreamModel, provider, outputBound } = asked;
  const counts = surface.operation === 'count-tokens';
  const operation = counts ? 'count-tokens' : CONVERSATION[dialect];
  const call: BodyCall = { ...bodyCall(asked, dialect), operation, translated: true };
  const warnings = new Warnings(policyOf(context));
  const translated = translation.forTarget({ dialect, profile, upstreamModel, warnings, outputBound });
  const body = provider.adapter.adjustBody?.(translated.body, call, warnings) ?? translated.body;
  context.warnings = warnings.header();
  const reader = counts
    ? tokenCountReader(provider.adapter)
    : governedReader(translatingReader(translated.answer, facts.stream), context.policies, context.providerPolicies);
  return {
    asked,
    call,
    body: serialize(body),
    clientHeaders: {},
    createRelay: (owner, head) =>
      isEventStream(facts, head)
        ? new TranslatingStreamRelay(owner, translated.answer, {
            parser: createParser(head),
            filter: streamFilter(context),
            keepAliveEvent: surface.keepAliveEvent,
          })
        : new JsonRelay(owner, head, reader),
  };
}

/** An answer passes the policies of the provider before those of the operation. */
function streamFilter({ policies, providerPolicies }: RequestContext): StreamFilter | null {
  const own = policies?.createStreamFilter() ?? null;
  const first = providerPolicies?.createStreamFilter() ?? null;
  return first && own ? chainFilters([first, own]) : (first ?? own);
}

const policyOf = ({ proxy }: RequestContext): ParameterPolicy => proxy?.unsupportedParameters ?? 'lenient';

const serialize = (body: JsonObject): Buffer => Buffer.from(JSON.stringify(body));

function bodyCall({ inquiry, upstreamModel, apiVersion, profile }: Asked, dialect: Dialect) {
  return { dialect, upstreamModel, apiVersion, profile, stream: inquiry.facts.stream };
}

function buildRequest(
  asked: Asked,
  call: BodyCall,
  sent: { readonly body: Buffer; readonly clientHeaders: HeaderMap },
): UpstreamRequest {
  const { inquiry, provider, baseUrl, apiVersion } = asked;
  const { adapter, auth, keepsHost } = provider;
  const { requestId, policies, providerPolicies, request: received } = inquiry.context;
  const request = adapter.buildRequest({ ...call, ...sent, baseUrl, apiVersion, auth, requestId, now: new Date() });
  const headers = request.headers as string[];
  if (policies || providerPolicies) {
    const credential = auth?.header.toLowerCase();
    policies?.editUpstreamHeaders(headers, credential);
    providerPolicies?.editUpstreamHeaders(headers, credential);
  }
  if (keepsHost && !headers.includes('host')) headers.push('host', received.headers.host ?? '');
  return request;
}

const AWS_EVENT_STREAM = 'application/vnd.amazon.eventstream';

function isEventStream(facts: RequestFacts, { headers }: AnswerHead): boolean {
  const type = headers['content-type'] ?? '';
  const streams = type.startsWith('text/event-stream') || type.startsWith(AWS_EVENT_STREAM);
  return facts.stream && streams && headers['content-encoding'] === undefined;
}

function createParser({ headers }: AnswerHead): EventParser {
  return (headers['content-type'] ?? '').startsWith(AWS_EVENT_STREAM) ? new EventStreamParser() : new SseParser();
}
