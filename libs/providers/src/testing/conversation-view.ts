import type { CanonicalPart, CanonicalRequest, CanonicalTool, Json, MediaPart, TextPart } from '@penstock/dialects';

/** A part as it is compared: its type, and what it says. Calls are known by their number in the conversation. */
export type PartView =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'media'; readonly kind: string; readonly data: string; readonly filename?: string }
  | { readonly type: 'reasoning'; readonly text: string; readonly signature: string | null }
  | { readonly type: 'call'; readonly call: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'result'; readonly call: number; readonly isError: boolean; readonly parts: readonly PartView[] };

export interface TurnView {
  readonly role: string;
  readonly parts: readonly PartView[];
}

export type SettingsView = Readonly<Record<string, unknown>>;

/** A request as far as it means something, without ids, paths, and other matters of form. */
export interface ConversationView {
  readonly system: readonly string[];
  /** By the number of the call. */
  readonly callIds: readonly string[];
  readonly turns: readonly TurnView[];
  readonly tools: readonly SettingsView[];
  readonly settings: SettingsView;
}

const SETTINGS = [
  'stream',
  'toolChoice',
  'parallelToolCalls',
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stop',
  'seed',
  'frequencyPenalty',
  'presencePenalty',
  'logprobs',
  'output',
  'verbosity',
  'serviceTier',
  'metadata',
  'endUser',
  'promptCacheKey',
] as const;

/** Neighbouring turns of one role count as one, since dialects differ in nothing but form there. */
export function viewOf(request: CanonicalRequest): ConversationView {
  const numbers = new Map<string, number>();
  const turns: { role: string; parts: PartView[] }[] = [];
  for (const { role, parts } of request.turns) {
    const views = parts.map((part) => partView(part, numbers)).filter(saysSomething);
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...views);
    else turns.push({ role, parts: views });
  }
  return {
    system: request.system.map((part) => part.text),
    callIds: [...numbers.keys()],
    turns,
    tools: request.tools.map(toolView),
    settings: { ...settingsView(request), effort: request.reasoning?.effort },
  };
}

function partView(part: CanonicalPart, numbers: Map<string, number>): PartView {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: part.text };
    case 'reasoning':
      return { type: 'reasoning', text: part.text, signature: part.signature?.value ?? null };
    case 'tool-call':
      numbers.set(part.id, numbers.size);
      return { type: 'call', call: numbers.size - 1, name: part.name, input: JSON.parse(part.arguments) };
    case 'tool-result': {
      const call = numbers.get(part.callId) ?? -1;
      return { type: 'result', call, isError: part.isError, parts: part.parts.map(contentView).filter(saysSomething) };
    }
    case 'opaque':
      throw new Error(`nothing of ${part.dialect} alone was said`);
    default:
      return contentView(part);
  }
}

const saysSomething = (part: PartView): boolean => part.type !== 'text' || part.text !== '';

function contentView(part: TextPart | MediaPart): PartView {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { source, filename, type } = part;
  const data = source.kind === 'data' ? `${source.mediaType} ${source.data}` : JSON.stringify(source);
  return { type: 'media', kind: type, data, ...(filename !== undefined && { filename }) };
}

function toolView({ kind, name, description, parameters, strict }: CanonicalTool): SettingsView {
  return { kind, name, description, parameters, strict: strict ?? false };
}

function settingsView(request: CanonicalRequest): Record<string, unknown> {
  const { tools } = request;
  const entries = SETTINGS.map((name): [string, Json | undefined | object] => [name, request[name]]);
  const settings = Object.fromEntries(entries);
  // A choice among no tools is none.
  return tools.length > 0 ? settings : { ...settings, toolChoice: undefined, parallelToolCalls: undefined };
}
