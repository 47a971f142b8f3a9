import { Buffer } from 'node:buffer';
import { type Dialect, type Operation, VLLM_PROFILE } from '@penstock/contracts';
import {
  anthropicCodec,
  bedrockConverseCodec,
  type CanonicalRequest,
  type DialectCodec,
  type EncodeAnswerContext,
  estimateInputTokens,
  geminiCodec,
  type JsonObject,
  openAiChatCodec,
  openAiResponsesCodec,
  parseFaithfully,
  type PreparedRequest,
  prepareRequest,
  type RequestFacts,
  resolveModelProfile,
  type SignatureOrigin,
  Warnings,
} from '@penstock/dialects';
import type { BodyCall, ProviderAdapter } from '../provider-adapter.ts';
import { adapterFor } from '../provider-adapters.ts';
import type { GoldenVector } from './golden-vector.ts';
import { VECTOR_CLIENTS, type VectorClient } from './vector-clients.ts';

const CODECS: Readonly<Record<Dialect, DialectCodec>> = {
  'openai-chat': openAiChatCodec,
  'openai-responses': openAiResponsesCodec,
  anthropic: anthropicCodec,
  gemini: geminiCodec,
  'bedrock-converse': bedrockConverseCodec,
};

const CONVERSATION: Readonly<Record<Dialect, Operation>> = {
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  anthropic: 'messages',
  gemini: 'generate-content',
  'bedrock-converse': 'chat',
};

export const VECTOR_REQUEST_ID = 'req-vector';
/** When every answer of a vector was made, unless its upstream says. */
export const VECTOR_CREATED = 1_700_000_000;

/** What was decoded of a caller's request, for the way back of its answer. */
interface Translated {
  readonly canonical: CanonicalRequest;
  readonly prepared: PreparedRequest;
}

/** One request of a vector on its way to the upstream, in the steps and the order of the gateway's dispatch. */
export class VectorExchange {
  readonly client: VectorClient;
  readonly upstream: DialectCodec;
  readonly adapter: ProviderAdapter;
  readonly warnings: Warnings;
  readonly facts: RequestFacts;
  readonly call: BodyCall;
  readonly origin: SignatureOrigin;
  /** Whether the upstream speaks the caller's dialect, so that the bytes pass through. */
  readonly passes: boolean;
  readonly #body: Buffer;
  #count = 0;
  #translated: Translated | null = null;

  constructor(vector: GoldenVector, body: Buffer) {
    const { dialect, template } = vector.upstream;
    this.client = VECTOR_CLIENTS[vector.client];
    this.upstream = CODECS[dialect];
    this.adapter = adapterFor(template, dialect);
    this.warnings = new Warnings(vector.policy ?? 'lenient');
    this.passes = dialect === this.client.dialect && this.adapter.alwaysTranslate !== true;
    this.#body = body;
    this.facts = this.client.scan(body);
    const upstreamModel = vector.model ?? 'upstream-model';
    const own = template === 'vllm' ? [VLLM_PROFILE] : [];
    const profile = resolveModelProfile(dialect, ...own, vector.profile ?? {});
    const counts = this.client.operation === 'count-tokens';
    const conversation = counts ? this.client.operation : CONVERSATION[dialect];
    const operation = this.passes ? this.client.operation : conversation;
    this.call = { operation, dialect, upstreamModel, profile, stream: this.facts.stream, translated: !this.passes };
    this.origin = { dialect, modelGroup: profile.modelGroup ?? upstreamModel };
  }

  /** What the upstream gets. Throws GatewayError for a request that is refused. */
  sentBody(): Buffer {
    if (this.passes) return this.#passedBody();
    const { prepared } = this.#translate();
    const { upstreamModel, profile } = this.call;
    const body = this.upstream.encodeRequest(prepared.request, { upstreamModel, profile, warnings: this.warnings });
    return serialize(this.adapter.adjustBody?.(body, this.call, this.warnings) ?? body);
  }

  /** What the way back needs, as the dispatch gives it. */
  answerParts() {
    const { canonical, prepared } = this.#translate();
    const encode: EncodeAnswerContext = {
      requestId: VECTOR_REQUEST_ID,
      model: canonical.model,
      created: VECTOR_CREATED,
      request: canonical,
      estimatedInputTokens: estimateInputTokens(canonical),
      createId: this.createId,
    };
    return { prepared, encode, decode: { origin: this.origin, createId: this.createId } };
  }

  /** Nine characters, another each time and the same in every run. */
  readonly createId = (): string => {
    this.#count += 1;
    return `made${String(this.#count).padStart(5, '0')}`;
  };

  #passedBody(): Buffer {
    const { upstreamModel } = this.call;
    const bytes = this.client.rewrite(this.#body, this.facts, { upstreamModel, origin: this.origin });
    if (!this.adapter.adjustBody || !this.adapter.needsAdjustment?.(this.facts, bytes, this.call)) return bytes;
    const parsed = parseFaithfully(bytes.toString('utf8')) as JsonObject;
    return serialize(this.adapter.adjustBody(parsed, this.call, this.warnings));
  }

  #translate(): Translated {
    if (this.#translated === null) {
      const canonical = this.client.codec.decodeRequest(parseFaithfully(this.#body.toString('utf8')) as JsonObject);
      const { warnings, origin, call } = this;
      const prepared = prepareRequest(canonical, { upstream: call.dialect, profile: call.profile, origin, warnings });
      this.#translated = { canonical, prepared };
    }
    return this.#translated;
  }
}

const serialize = (body: JsonObject): Buffer => Buffer.from(JSON.stringify(body));
