import type { ModelProfile } from '@penstock/contracts';
import type { Json, JsonObject } from '@penstock/dialects';
import { isJsonObject } from './is-json-object.ts';

type SystemRules = Pick<ModelProfile, 'systemRole' | 'multipleSystem' | 'midSystem'>;

/**
 * Puts the system messages of a Chat request where the model takes them: under the role it knows, joined to one where it
 * takes only one, and in front where it takes none later. What the caller of this dialect says late holds for the whole
 * conversation, so that it is hoisted and never put into the user's mouth.
 */
export function arrangeSystemMessages(messages: readonly Json[], rules: SystemRules): readonly Json[] {
  const renamed = messages.map((message) => withKnownRole(message, rules));
  const isMovable = (message: Json, index: number): boolean =>
    isSystem(message) && (rules.midSystem !== 'native' || renamed.slice(0, index).every(isSystem));
  const system = renamed.filter(isMovable);
  const others = renamed.filter((message, index) => !isMovable(message, index));
  return system.length > 1 && !rules.multipleSystem ? [joined(system), ...others] : [...system, ...others];
}

const roleOf = (message: Json): Json | undefined => (isJsonObject(message) ? message['role'] : undefined);

function isSystem(message: Json): boolean {
  const role = roleOf(message);
  return role === 'system' || role === 'developer';
}

function withKnownRole(message: Json, { systemRole }: SystemRules): Json {
  if (!isJsonObject(message) || message['role'] !== 'developer' || systemRole !== 'system') return message;
  return { ...message, role: 'system' };
}

/** Texts are joined by an empty line; parts are kept as they are. */
function joined(system: readonly Json[]): JsonObject {
  const [first] = system;
  const contents = system.map((message) => (isJsonObject(message) ? message['content'] : undefined) ?? '');
  const texts = contents.filter((content) => typeof content === 'string');
  const content = texts.length === contents.length ? texts.filter(Boolean).join('\n\n') : contents.flatMap(partsOf);
  return { ...(isJsonObject(first) && first), content };
}

function partsOf(content: Json): readonly Json[] {
  if (Array.isArray(content)) return content as readonly Json[];
  return content === '' ? [] : [{ type: 'text', text: content }];
}
