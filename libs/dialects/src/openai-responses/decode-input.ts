import { GatewayError } from '@penstock/contracts';
import type { CanonicalPart, ReasoningPart, TextPart, ToolResultPart } from '../canonical/canonical-part.ts';
import type { CanonicalTool, CanonicalTurn, SystemText } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { type ContentPart, decodeContent } from './decode-content.ts';
import { decodeTools } from './decode-tools.ts';
import { objectsOf, textOf } from './json-fields.ts';
import { openCarrier, type SignatureCarrier } from './reasoning-carrier.ts';
import { arrayField, missing, objectItem, pathOf, requiredString, stringField } from './request-fields.ts';

export interface DecodedInput {
  readonly system: readonly SystemText[];
  readonly turns: readonly CanonicalTurn[];
  /** Tools that stand among the input. */
  readonly tools: readonly CanonicalTool[];
}

interface Turn {
  readonly role: CanonicalTurn['role'];
  readonly parts: CanonicalPart[];
}

type ItemReader = (item: JsonObject, path: string) => void;

/**
 * Reads input items into turns. What the model said between two inputs is one turn of the assistant, however many items it
 * took; so are the results of its tools one of the user. System messages before the first turn stand apart.
 */
export class InputReader {
  readonly #system: SystemText[] = [];
  readonly #turns: Turn[] = [];
  readonly #tools: CanonicalTool[] = [];
  /** Of a carrier item, for the call that follows at once. */
  #callSignature: Signature | null = null;
  readonly #readers: ReadonlyMap<string, ItemReader> = new Map<string, ItemReader>([
    ['message', (item, path) => this.#message(item, path)],
    ['function_call', (item, path) => this.#call(item, path, 'function')],
    ['custom_tool_call', (item, path) => this.#call(item, path, 'custom')],
    ['function_call_output', (item, path) => this.#result(item, path)],
    ['custom_tool_call_output', (item, path) => this.#result(item, path)],
    ['reasoning', (item, path) => this.#reasoning(item, path)],
    ['additional_tools', (item, path) => this.#additionalTools(item, path)],
    ['item_reference', (_item, path) => unsupportedItem(path, STATELESS)],
    ['compaction_trigger', (_item, path) => unsupportedItem(path, 'This model cannot compact a conversation.')],
  ]);

  /** The short form: what the user says. */
  addText(text: string, path: string): void {
    this.#turns.push({ role: 'user', parts: [{ type: 'text', text, path }] });
  }

  add(value: Json, path: string): void {
    const item = objectItem(value, path);
    const type =
      stringField(item, 'type', path) ?? (item['role'] === undefined ? missing(pathOf(path, 'type')) : 'message');
    const read = this.#readers.get(type);
    if (type !== 'function_call' && type !== 'custom_tool_call') this.#callSignature = null;
    if (read) read(item, path);
    else this.#opaque(type, item, path);
  }

  result(): DecodedInput {
    return { system: this.#system, turns: this.#turns, tools: this.#tools };
  }

  #message(item: JsonObject, path: string): void {
    const role = requiredString(item, 'role', path);
    const parts = decodeContent(item, 'content', path);
    if (role === 'assistant') this.#assistant().push(...parts);
    else if (role === 'user') this.#turns.push({ role, parts: [...parts] });
    else if (role === 'system' || role === 'developer') this.#systemMessage(role, parts);
    else
      throw new GatewayError('invalid_request', `'${role.slice(0, 64)}' is no role.`, { param: pathOf(path, 'role') });
  }

  #systemMessage(origin: 'system' | 'developer', parts: readonly ContentPart[]): void {
    const texts = parts.map((part) => textOnly(part));
    if (this.#turns.length > 0) this.#turns.push({ role: 'system', parts: texts });
    else this.#system.push(...texts.map((part) => ({ ...part, origin })));
  }

  /** Parts of the assistant's turn that is open, or of a new one. */
  #assistant(): CanonicalPart[] {
    return this.#open('assistant', () => true);
  }

  #open(role: 'user' | 'assistant', joins: (turn: Turn) => boolean): CanonicalPart[] {
    const last = this.#turns.at(-1);
    if (last?.role === role && joins(last)) return last.parts;
    const turn: Turn = { role, parts: [] };
    this.#turns.push(turn);
    return turn.parts;
  }

  #call(item: JsonObject, path: string, kind: 'function' | 'custom'): void {
    const namespace = stringField(item, 'namespace', path);
    const signature = this.#callSignature;
    this.#callSignature = null;
    this.#assistant().push({
      type: 'tool-call',
      id: requiredString(item, 'call_id', path),
      name: requiredString(item, 'name', path),
      arguments: stringField(item, kind === 'function' ? 'arguments' : 'input', path) ?? '',
      kind,
      ...(namespace !== undefined && { namespace }),
      ...(signature && { signature }),
      path,
    });
  }

  #result(item: JsonObject, path: string): void {
    const name = stringField(item, 'name', path);
    const parts = decodeContent(item, 'output', path).map((part) => (part.type === 'refusal' ? textOnly(part) : part));
    const result: ToolResultPart = {
      type: 'tool-result',
      callId: requiredString(item, 'call_id', path),
      ...(name !== undefined && { name }),
      parts,
      isError: false,
      path,
    };
    this.#open('user', ({ parts: all }) => all.every(({ type }) => type === 'tool-result')).push(result);
  }

  #reasoning(item: JsonObject, path: string): void {
    const encrypted = stringField(item, 'encrypted_content', path);
    const carrier = encrypted ? openCarrier(encrypted) : null;
    if (carrier?.target === 'next-call') this.#callSignature = carrier.signature;
    else if (carrier?.target === 'previous-text') this.#signText(carrier.signature, path);
    else {
      const text = textsIn(item['content'], '') || textsIn(item['summary'], '\n\n');
      this.#addReasoning(text, carrier, path);
    }
  }

  #addReasoning(text: string, carrier: SignatureCarrier | null, path: string): void {
    if (!carrier && text === '') return;
    const signed = carrier ? { signature: carrier.signature } : {};
    const part: ReasoningPart =
      carrier?.target === 'redacted'
        ? { type: 'reasoning', text: '', redacted: true, ...signed, path }
        : { type: 'reasoning', text, ...signed, path };
    this.#assistant().push(part);
  }

  #signText(signature: Signature, path: string): void {
    const parts = this.#assistant();
    const last = parts.at(-1);
    if (last?.type === 'text') parts[parts.length - 1] = { ...last, signature };
    else parts.push({ type: 'text', text: '', signature, path });
  }

  #additionalTools(item: JsonObject, path: string): void {
    this.#tools.push(...decodeTools(arrayField(item, 'tools', path) ?? [], pathOf(path, 'tools')));
  }

  /** Items of hosted tools and whatever else only this dialect knows. */
  #opaque(type: string, item: JsonObject, path: string): void {
    const role = /_(output|response)$/.test(type) ? 'user' : 'assistant';
    const parts = this.#open(role, () => true);
    parts.push({ type: 'opaque', dialect: 'openai-responses', name: type, value: item, path });
  }
}

const STATELESS = 'Responses are not stored here: send the items themselves instead of references to them.';

function unsupportedItem(param: string, message: string): never {
  throw new GatewayError('unsupported_parameter', message, { param });
}

/** System messages, and refusals where only text may stand. */
function textOnly(part: ContentPart): TextPart {
  if (part.type === 'text') return part;
  const path = part.path ?? 'input';
  if (part.type === 'refusal') return { type: 'text', text: part.text, path };
  throw new GatewayError('unsupported_content', 'A system message can only hold text.', { param: path });
}

function textsIn(parts: Json | undefined, separator: string): string {
  return objectsOf(parts)
    .flatMap((part) => textOf(part['text']) ?? [])
    .join(separator);
}
