import type { Dialect, ModelProfile, Operation } from '@penstock/contracts';
import type { RequestFacts } from '@penstock/dialects';
import type { ProviderAdapter } from './provider-adapter.ts';

/** Operations that continue a conversation, and so can be served by any provider that has one of them. */
export const CONVERSATIONS: ReadonlySet<Operation> = new Set([
  'chat',
  'completions',
  'messages',
  'responses',
  'generate-content',
]);

/** One operation as callers of one dialect ask for it. */
export interface AskedOperation {
  readonly operation: Operation;
  readonly dialect: Dialect;
}

/** The parts of a provider that decide. */
export interface DialectChoice {
  readonly adapter: ProviderAdapter;
  readonly profile: ModelProfile;
}

/**
 * The dialect in which a provider is asked for what a surface offers: the surface's own where the provider speaks it, so that
 * the bytes pass through, else the one of its conversations. Undefined: the provider has no such operation.
 */
export function chooseDialect(
  surface: AskedOperation,
  facts: Pick<RequestFacts, 'members'>,
  choice: DialectChoice,
): Dialect | undefined {
  const { adapter, profile } = choice;
  const native = adapter.dialectFor(surface.operation, profile);
  if (!CONVERSATIONS.has(surface.operation)) return native;
  if (mustUseResponses(facts, choice)) return 'openai-responses';
  return native === surface.dialect ? native : adapter.dialectFor('chat', profile);
}

/** Whether a request is decoded and written anew for an upstream, rather than passed through. */
export function isTranslated(surface: AskedOperation, dialect: Dialect, adapter: ProviderAdapter): boolean {
  return dialect !== surface.dialect || (adapter.alwaysTranslate === true && CONVERSATIONS.has(surface.operation));
}

/** Some models take tools by the Responses API alone. */
function mustUseResponses(facts: Pick<RequestFacts, 'members'>, { adapter, profile }: DialectChoice): boolean {
  if (!profile.toolsRequireResponses || adapter.dialectFor('responses', profile) !== 'openai-responses') return false;
  return facts.members.some(({ key }) => key === 'tools' || key === 'functions');
}
