import type { ModelProfile } from '@penstock/contracts';
import type { CanonicalPart, ReasoningPart, ToolCallPart, ToolResultPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn, SystemText } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';
import { encodeInputPart, encodeOutputPart, encodeToolOutput } from './encode-content.ts';
import { objectOf } from './json-fields.ts';

/** The top-level `instructions` and the input items of a prepared request. */
export interface EncodedInput {
  readonly instructions?: string;
  readonly input: readonly JsonObject[];
}

/** Items carry no ids: OpenAI looks ids up in what it stores, which is nothing, and refuses those of others. */
export function encodeInput(request: CanonicalRequest, profile: ModelProfile): EncodedInput {
  const isInstruction = instructionTest(request);
  const instructions = request.system.filter((text) => isInstruction(text)).map(({ text }) => text);
  const messages = request.system.filter((text) => !isInstruction(text));
  const writer = new TurnWriter(request.turns, profile);
  return {
    ...(instructions.length > 0 && { instructions: instructions.join('\n') }),
    input: [...messages.map((text) => message(text.origin, [encodeInputPart(text)])), ...writer.items()],
  };
}

/** A system prompt that is no message in its own dialect is none here, unless a part of it is marked for the cache. */
function instructionTest({ dialect, system }: CanonicalRequest): (text: SystemText) => boolean {
  const all = dialect !== 'openai-chat' && dialect !== 'openai-responses' && system.every(({ cache }) => !cache);
  return ({ origin }) => all || origin === 'instructions';
}

const message = (role: string, content: readonly JsonObject[]): JsonObject => ({ type: 'message', role, content });

class TurnWriter {
  readonly #turns: readonly CanonicalTurn[];
  readonly #profile: ModelProfile;
  /** Ids of calls of custom tools, whose results have a type of their own. */
  readonly #customCalls = new Set<string>();
  readonly #items: JsonObject[] = [];
  #content: JsonObject[] = [];

  constructor(turns: readonly CanonicalTurn[], profile: ModelProfile) {
    this.#turns = turns;
    this.#profile = profile;
  }

  items(): readonly JsonObject[] {
    for (const { role, parts } of this.#turns) {
      const name = role === 'system' ? this.#profile.systemRole : role;
      for (const part of parts) this.#add(part, name);
      this.#flush(name);
    }
    return this.#items;
  }

  #add(part: CanonicalPart, role: string): void {
    const item = this.#itemOf(part);
    if (item === undefined) {
      this.#content.push(role === 'assistant' ? encodeOutputPart(part) : encodeInputPart(part));
      return;
    }
    if (item === null) return;
    this.#flush(role);
    this.#items.push(item);
  }

  #flush(role: string): void {
    if (this.#content.length > 0) this.#items.push(message(role, this.#content));
    this.#content = [];
  }

  /** The item that a part is of its own; null for one that is left out, undefined for a part of a message. */
  #itemOf(part: CanonicalPart): JsonObject | null | undefined {
    switch (part.type) {
      case 'tool-call':
        return this.#call(part);
      case 'tool-result':
        return this.#result(part);
      case 'reasoning':
        return reasoningItem(part);
      case 'opaque':
        return part.dialect === 'openai-responses' ? (objectOf(part.value) ?? null) : null;
      default:
        return undefined;
    }
  }

  #call({ id, name, namespace, kind, arguments: text }: ToolCallPart): JsonObject {
    const group = namespace === undefined ? {} : { namespace };
    if (kind === 'function') {
      return { type: 'function_call', call_id: id, name, ...group, arguments: text === '' ? '{}' : text };
    }
    this.#customCalls.add(id);
    return { type: 'custom_tool_call', call_id: id, name, ...group, input: text };
  }

  #result({ callId, parts, isError }: ToolResultPart): JsonObject {
    const type = this.#customCalls.has(callId) ? 'custom_tool_call_output' : 'function_call_output';
    return { type, call_id: callId, output: encodeToolOutput(parts, isError) };
  }
}

/** Only what OpenAI itself signed means anything to it; other reasoning is left out. */
function reasoningItem({ text, signature, redacted }: ReasoningPart): JsonObject | null {
  if (signature?.dialect !== 'openai-responses' || redacted) return null;
  const summary = text === '' ? [] : [{ type: 'summary_text', text }];
  return { type: 'reasoning', summary, encrypted_content: signature.value };
}
