import type { Dialect, Operation } from '@penstock/contracts';
import type { RequestFacts } from '@penstock/dialects';
import { type AskedOperation, chooseDialect, CONVERSATIONS, isTranslated } from './choose-dialect.ts';
import type { ModelProfiles } from './model-profiles.ts';
import type { ProviderAdapter } from './provider-adapter.ts';

/** The operation by which a conversation is continued in each dialect. */
export const CONVERSATION: Readonly<Record<Dialect, Operation>> = {
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  anthropic: 'messages',
  gemini: 'generate-content',
  'bedrock-converse': 'chat',
};

/** What is asked, as far as it decides over the path at the vendor. */
export interface AskedPath {
  readonly surface: AskedOperation;
  readonly facts: Pick<RequestFacts, 'members' | 'stream'>;
}

/** Of which model, under which name. */
export interface AskedModel {
  readonly modelId: string;
  readonly upstreamModel: string;
  /** Of the vendor's API, in place of the provider's own. */
  readonly apiVersion?: string | undefined;
}

/** The parts of a provider that decide over paths. */
export interface PathProvider {
  readonly adapter: ProviderAdapter;
  readonly profiles: Pick<ModelProfiles, 'of'>;
  readonly baseUrl: string;
  readonly apiVersion: string | null;
}

/** A path at the vendor, before anything is sent there. */
export interface UpstreamPath {
  /** The same for all that have the same path. */
  readonly name: string;
  /** With the query. Throws GatewayError where the vendor has no such operation. */
  readonly find: () => string;
}

const NOTHING = Buffer.from('{}');
const BEGINNING = new Date(0);

/** Where a vendor will be asked; null: the provider has no such operation. */
export function upstreamPathOf(
  { surface, facts }: AskedPath,
  { modelId, upstreamModel, apiVersion: own }: AskedModel,
  { adapter, profiles, baseUrl, apiVersion: usualVersion }: PathProvider,
): UpstreamPath | null {
  const dialect = chooseDialect(surface, facts, { adapter, profile: profiles.of(modelId, upstreamModel) });
  if (dialect === undefined) return null;
  const apiVersion = own ?? usualVersion;
  const translated = CONVERSATIONS.has(surface.operation) && isTranslated(surface, dialect, adapter);
  const operation = translated ? CONVERSATION[dialect] : surface.operation;
  const { stream } = facts;
  const asked = { operation, dialect, upstreamModel, stream, translated, apiVersion, baseUrl };
  const sent = { body: NOTHING, auth: null, requestId: '', clientHeaders: {}, now: BEGINNING };
  return {
    name: `${operation}\n${dialect}\n${stream}\n${apiVersion}\n${upstreamModel}`,
    find: () => adapter.buildRequest({ ...asked, ...sent, profile: profiles.of(modelId, upstreamModel, dialect) }).path,
  };
}
