import type { Dialect } from '@penstock/contracts';
import {
  type CanonicalPart,
  type CanonicalRequest,
  type CanonicalTurn,
  type JsonObject,
  sealSignature,
  type Signature,
  type ToolResultPart,
} from '@penstock/dialects';
import fc from 'fast-check';
import { VECTOR_MODEL_GROUP } from './round-trip-profiles.ts';

/** Words with characters of every plane, never blank and without white space around them, which some vendors cut off. */
export const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((text) => text.trim())
  .filter((text) => text !== '');

const argumentsObject: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('a', 'b c', 'é', '"'),
  fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null), fc.array(words, { maxLength: 2 })),
  { maxKeys: 3, noNullPrototype: true },
);
const property = fc.constantFrom<JsonObject>(
  { type: 'string' },
  { type: 'integer', description: 'a number' },
  { type: 'boolean' },
  { type: 'array', items: { type: 'string' } },
);
const schema = fc
  .dictionary(fc.constantFrom('city', 'days', 'x_y'), property, { minKeys: 1, maxKeys: 3, noNullPrototype: true })
  .map((properties): JsonObject => ({ type: 'object', properties, required: Object.keys(properties) }));

const tools = fc.uniqueArray(
  fc.record(
    {
      kind: fc.constant('function' as const),
      name: fc.constantFrom('read', 'write_it', 'run-2'),
      description: words,
      parameters: schema,
    },
    { requiredKeys: ['kind', 'name', 'parameters'] },
  ),
  { selector: ({ name }) => name, maxLength: 3 },
);
const text = words.map((value): CanonicalPart => ({ type: 'text', text: value }));
const image = fc
  .constantFrom('AAAA', 'iVBORw0KGgo=')
  .map((data): CanonicalPart => ({ type: 'image', source: { kind: 'data', data, mediaType: 'image/png' } }));
const pdf = fc.constant<CanonicalPart>({
  type: 'document',
  filename: 'paper.pdf',
  source: { kind: 'data', data: 'JVBERi0=', mediaType: 'application/pdf' },
});
const said = fc.oneof({ weight: 5, arbitrary: text }, { weight: 1, arbitrary: image }, { weight: 1, arbitrary: pdf });

interface Step {
  readonly user: readonly CanonicalPart[];
  readonly reasoning: { readonly text: string; readonly signature: string } | null;
  readonly texts: readonly CanonicalPart[];
  readonly calls: readonly {
    readonly name: string;
    readonly input: JsonObject;
    readonly isError: boolean;
    readonly told: readonly CanonicalPart[];
  }[];
  readonly after: readonly CanonicalPart[];
}

const step: fc.Arbitrary<Step> = fc.record({
  user: fc.array(said, { maxLength: 3 }),
  reasoning: fc.option(fc.record({ text: words, signature: fc.base64String({ minLength: 4, maxLength: 12 }) }), {
    freq: 3,
  }),
  texts: fc.array(text, { maxLength: 2 }),
  calls: fc.array(
    fc.record({
      name: fc.constantFrom('read', 'write_it', 'forgotten'),
      input: argumentsObject,
      isError: fc.boolean(),
      told: fc.array(fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: image }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { maxLength: 3 },
  ),
  after: fc.array(text, { maxLength: 1 }),
});

const settings = fc.record(
  {
    maxOutputTokens: fc.integer({ min: 16, max: 9000 }),
    temperature: fc.constantFrom(0, 0.25, 0.5),
    topP: fc.constantFrom(0.5, 0.75),
    topK: fc.constantFrom(5, 40),
    stop: fc.array(fc.constantFrom('END', 'stop now', '###'), { minLength: 1, maxLength: 2 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    frequencyPenalty: fc.constantFrom(0.5, -1),
    presencePenalty: fc.constantFrom(0.5, -1),
    logprobs: fc.constantFrom(0, 3),
    endUser: fc.constantFrom('u1', 'somebody'),
    metadata: fc.constant({ k: 'v' }),
    promptCacheKey: fc.constant('key'),
    serviceTier: fc.constantFrom('default', 'flex', 'priority'),
    verbosity: fc.constantFrom('low', 'high'),
    parallelToolCalls: fc.boolean(),
    reasoning: fc.record({ effort: fc.constantFrom('low' as const, 'medium' as const, 'high' as const) }),
    output: fc.constantFrom<CanonicalRequest['output'][]>(
      { kind: 'json' },
      {
        kind: 'schema',
        name: 'out',
        strict: true,
        schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
      },
    ),
  },
  { requiredKeys: [] },
);
const choice = fc.constantFrom('auto' as const, 'none' as const, 'required' as const, 'named' as const, undefined);

/** What of a request the caller's dialect has a word for. */
export interface ConversationShape {
  readonly client: Dialect;
  readonly upstream: Dialect;
}

/**
 * Conversations as agents have them: calls are answered, the user speaks last, and reasoning carries a signature of the
 * upstream's in the envelope in which the gateway gave it to the caller.
 */
export function arbitraryConversation({ client, upstream }: ConversationShape): fc.Arbitrary<CanonicalRequest> {
  const origin = { dialect: upstream, modelGroup: VECTOR_MODEL_GROUP };
  return fc
    .record({
      system: fc.array(words, { maxLength: 2 }),
      steps: fc.array(step, { maxLength: 3 }),
      last: said,
      stream: fc.boolean(),
      tools,
      choice,
      settings,
    })
    .map(
      ({
        system,
        steps,
        last,
        stream,
        tools: offered,
        choice: mode,
        settings: { output = { kind: 'text' }, ...given },
      }) => ({
        dialect: client,
        model: 'alias',
        stream,
        includeUsage: stream,
        system: system.map((value) => ({ type: 'text' as const, text: value, origin: 'system' as const })),
        turns: turnsOf(steps, last, (value) => carriedSignature(client, { ...origin, value })),
        tools: offered,
        ...toolChoiceOf(mode, offered),
        ...given,
        output,
        extra: {},
        answer: {},
      }),
    );
}

function toolChoiceOf(
  mode: 'auto' | 'none' | 'required' | 'named' | undefined,
  [first]: CanonicalRequest['tools'],
): Pick<CanonicalRequest, 'toolChoice'> {
  if (mode === undefined || first === undefined) return {};
  return { toolChoice: mode === 'named' ? { mode, name: first.name } : { mode } };
}

function turnsOf(
  steps: readonly Step[],
  last: CanonicalPart,
  sign: (value: string) => Signature,
): readonly CanonicalTurn[] {
  const turns: CanonicalTurn[] = [];
  let results: readonly ToolResultPart[] = [];
  const opening: CanonicalPart = { type: 'text', text: 'Go on.' };
  for (const [index, { user, reasoning, texts, calls, after }] of steps.entries()) {
    const parts = [...results, ...user];
    turns.push({ role: 'user', parts: parts.length > 0 ? parts : [opening] });
    const asked = calls.map(({ name, input }, at): CanonicalPart => ({
      type: 'tool-call',
      kind: 'function',
      id: `call_${index}_${at}`,
      name,
      arguments: JSON.stringify(input),
    }));
    const thought: CanonicalPart[] = reasoning
      ? [{ type: 'reasoning', text: reasoning.text, signature: sign(reasoning.signature) }]
      : [];
    const spoken = texts.length + asked.length > 0 ? texts : [opening];
    turns.push({ role: 'assistant', parts: [...thought, ...spoken, ...asked, ...(asked.length > 0 ? after : [])] });
    results = calls.map(({ name, isError, told }, at) => ({
      type: 'tool-result',
      callId: `call_${index}_${at}`,
      name,
      isError,
      parts: told as ToolResultPart['parts'],
    }));
  }
  turns.push({ role: 'user', parts: [...results, last] });
  return turns;
}

/** As the caller sends it back: the envelope is all that it knows, in base64 where its dialect's field holds bytes. */
function carriedSignature(client: Dialect, signature: Signature): Signature {
  const sealed = sealSignature(signature);
  const value = client === 'gemini' ? Buffer.from(sealed).toString('base64') : sealed;
  return { dialect: client, modelGroup: '*', value };
}
