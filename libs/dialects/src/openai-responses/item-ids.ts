import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { CanonicalRequest } from '../canonical/canonical-request.ts';

const PREFIXES = { message: 'msg', reasoning: 'rs', function: 'fc', custom: 'ctc' } as const;

/** A new id of an output item; clients look at its prefix. */
export function createItemId(kind: keyof typeof PREFIXES, { createId }: EncodeAnswerContext): string {
  return `${PREFIXES[kind]}_${createId()}${createId()}`;
}

/**
 * The group of tools that a call belongs to, where the call itself does not say: that of the only tool of its name.
 * Undefined when there is none, or when tools of several groups have the name.
 */
export function namespaceOf(name: string, { tools }: CanonicalRequest): string | undefined {
  const groups = new Set(tools.filter((tool) => tool.name === name).map(({ namespace }) => namespace));
  const [group] = groups;
  return groups.size === 1 ? group : undefined;
}
