import { Dialect, ReasoningEffort } from '@penstock/contracts';
import fc from 'fast-check';
import type { CanonicalPart } from '../../canonical-part.ts';
import type {
  CanonicalRequest,
  CanonicalTool,
  CanonicalTurn,
  OutputFormat,
  ToolChoice,
} from '../../canonical-request.ts';

const dialect = fc.constantFrom(...Dialect.options);
/** Few, so that they meet: legal ones, illegal ones, and those that the repair makes. */
const id = fc.oneof(
  fc.constantFrom('a', 'a_2', 'call 1', 'toolu_01', '', 'ABCdef123', 'x'.repeat(90)),
  fc.string({ unit: 'binary', maxLength: 50 }),
);
const toolName = fc.oneof(
  fc.constantFrom('read', 'read file', '9lives', 'ns__read', 'json', 'n'.repeat(200)),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const words = fc.constantFrom('', ' ', '\n', 'text', 'text ', 'x-anthropic-billing-header: cc=1;\nrest');
const cache = fc.option(fc.record({ ttl: fc.constantFrom('5m' as const, '30m' as const, '1h' as const) }), {
  nil: undefined,
});
const path = fc.constantFrom('messages[0]', undefined);
const signature = fc.option(
  fc.record({ dialect, modelGroup: fc.constantFrom('group', 'other', '*'), value: fc.constant('signed') }),
  { nil: undefined },
);
const namespace = fc.constantFrom('ns', undefined);
const kind = fc.constantFrom('function' as const, 'custom' as const);

const textPart = fc.record({ type: fc.constant('text' as const), text: words, cache, path, signature });
const imagePart = fc.record({
  type: fc.constant('image' as const),
  source: fc.record({
    kind: fc.constant('data' as const),
    data: fc.constant('AAAA'),
    mediaType: fc.constant('image/PNG'),
  }),
  cache,
});
const resultPart = fc.record({
  type: fc.constant('tool-result' as const),
  callId: id,
  parts: fc.array(fc.oneof(textPart, imagePart), { maxLength: 2 }),
  isError: fc.boolean(),
  cache,
});
const callPart = fc.record({
  type: fc.constant('tool-call' as const),
  id,
  name: toolName,
  arguments: fc.constantFrom('', '{}', '{"a":1}', '[1]', '{"a":', 'plain'),
  kind,
  namespace,
  signature,
});
const reasoningPart = fc.record({ type: fc.constant('reasoning' as const), text: words, signature, cache });
const opaquePart = fc.record({
  type: fc.constant('opaque' as const),
  dialect,
  name: fc.constantFrom('search_result', 'server_tool_use'),
  value: fc.constant({ source: 's', title: 't', content: [{ type: 'text', text: 'found' }] }),
});
const refusalPart = fc.record({ type: fc.constant('refusal' as const), text: words });

/** As decoders write it: without fields that are undefined. */
function exact<T>(value: unknown): T {
  if (Array.isArray(value)) return value.map((item) => exact<unknown>(item)) as T;
  if (typeof value !== 'object' || value === null) return value as T;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, exact<unknown>(field)])) as T;
}

const parts = (...of: fc.Arbitrary<unknown>[]) =>
  fc.array(fc.oneof(...of), { maxLength: 4 }).map((list) => exact<CanonicalPart[]>(list));
const turn: fc.Arbitrary<CanonicalTurn> = fc.oneof(
  fc.record({ role: fc.constant('user' as const), parts: parts(textPart, imagePart, resultPart, resultPart) }),
  fc.record({
    role: fc.constant('assistant' as const),
    parts: parts(textPart, callPart, callPart, reasoningPart, opaquePart, refusalPart),
  }),
  fc.record({ role: fc.constant('system' as const), parts: parts(textPart) }),
);
const tool = fc
  .record({
    kind,
    name: toolName,
    namespace,
    description: fc.constantFrom('what it does', undefined),
    parameters: fc.constantFrom(
      undefined,
      {},
      { type: 'object', properties: { n: { type: ['integer', 'null'], exclusiveMinimum: 0, enum: [1, 2] } } },
      {
        anyOf: [{ type: 'object', properties: { a: { $ref: '#/$defs/a' } }, required: ['a'] }, {}],
        $defs: { a: { const: 'a' } },
      },
      { type: 'object', properties: { s: { type: 'string', maxLength: 3 } }, required: ['s'] },
    ),
    strict: fc.constantFrom(true, false, undefined),
    cache,
  })
  .map((value) => exact<CanonicalTool>(value));
const toolChoice: fc.Arbitrary<ToolChoice | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ mode: fc.constantFrom('auto' as const, 'none' as const, 'required' as const) }),
  fc.record({ mode: fc.constant('named' as const), name: toolName }),
);
const output: fc.Arbitrary<OutputFormat> = fc.constantFrom<OutputFormat[]>(
  { kind: 'text' },
  { kind: 'json' },
  { kind: 'schema', schema: { type: 'object', properties: { a: { type: 'number', minimum: 1 } } }, strict: true },
);
const reasoning = fc.record(
  {
    effort: fc.constantFrom(...ReasoningEffort.options),
    budget: fc.integer({ min: 0, max: 40_000 }),
    display: fc.constantFrom('summarized' as const, 'omitted' as const),
    summary: fc.constantFrom('auto' as const),
  },
  { requiredKeys: [] },
);

/** Any conversation that a decoder might hand on, however odd. Nothing in it asks for what is always refused. */
export const arbitraryRequest: fc.Arbitrary<CanonicalRequest> = fc
  .record({
    dialect,
    model: fc.constant('any'),
    stream: fc.boolean(),
    includeUsage: fc.boolean(),
    system: fc.array(fc.record({ type: fc.constant('text'), text: words, origin: fc.constant('developer'), cache }), {
      maxLength: 3,
    }),
    turns: fc.array(turn, { maxLength: 7 }),
    tools: fc.array(tool, { maxLength: 4 }),
    toolChoice,
    parallelToolCalls: fc.constantFrom(true, false, undefined),
    maxOutputTokens: fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: undefined }),
    temperature: fc.constantFrom(undefined, 0, 1, 1.7),
    topP: fc.constantFrom(undefined, 0.5, 1),
    topK: fc.constantFrom(undefined, 5),
    stop: fc.option(fc.array(fc.constantFrom('', ' ', 'END', 'a', 'b', 'c', 'd', 'e')), { nil: undefined }),
    seed: fc.constantFrom(undefined, 1),
    output,
    reasoning: fc.option(reasoning, { nil: undefined }),
    serviceTier: fc.constantFrom(undefined, 'auto', 'default', 'flex', 'priority'),
    endUser: fc.constantFrom(undefined, 'me', 'me@example.org', 'u'.repeat(300)),
    metadata: fc.constantFrom(undefined, {}, { a: 'b' }),
    autoCache: cache,
    store: fc.constantFrom(undefined, true, false),
    extra: fc.constantFrom({}, { safety_identifier: 's', stream_options: {}, unheard_of: 1 }),
    answer: fc.constant({}),
  })
  .map((value) => exact<CanonicalRequest>(value));
