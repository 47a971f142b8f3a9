import { describe, expect, it } from '@jest/globals';
import { Dialect, type ModelProfileOverrides } from '@penstock/contracts';
import fc from 'fast-check';
import type { ToolCallPart, ToolResultPart } from '../canonical-part.ts';
import type { CanonicalRequest } from '../canonical-request.ts';
import { isLegalCallId } from './legal-call-id.ts';
import { isLegalToolName } from './legal-tool-name.ts';
import { prepareRequest } from './prepare-request.ts';
import { arbitraryRequest } from './testing/arbitrary-request.test.ts';
import { contextOf, deepFreeze } from './testing/prepare-fixture.test.ts';

const overrides: fc.Arbitrary<ModelProfileOverrides> = fc.record(
  {
    thinking: fc.constantFrom('none', 'budget', 'adaptive', 'level', 'effort'),
    thinkingOff: fc.boolean(),
    prefill: fc.boolean(),
    midSystem: fc.constantFrom('native', 'hoist', 'user'),
    multipleSystem: fc.boolean(),
    forcedToolWithThinking: fc.boolean(),
    strictTools: fc.boolean(),
    customTools: fc.boolean(),
    structuredOutput: fc.constantFrom('native', 'json-tool', 'prompt'),
    schemaDialect: fc.constantFrom('json-schema', 'openai', 'anthropic', 'gemini'),
    toolResultImages: fc.constantFrom('native', 'following-user'),
    toolIds: fc.constantFrom(
      { characters: 'alphanumeric', minLength: 9, maxLength: 9 },
      { characters: 'word', minLength: 1, maxLength: 40 },
      { characters: 'any', minLength: 60, maxLength: 64 },
    ),
    toolNames: fc.constantFrom({ maxLength: 16, startsWithLetter: true }, { maxLength: 64, startsWithLetter: false }),
    maxOutputTokens: fc.constantFrom(null, 900, 64_000),
  },
  { requiredKeys: [] },
);
const upstream = fc.constantFrom(...Dialect.options);
const many = { numRuns: 500 };

function partsOf(request: CanonicalRequest, type: 'tool-call'): ToolCallPart[];
function partsOf(request: CanonicalRequest, type: 'tool-result'): ToolResultPart[];
function partsOf(request: CanonicalRequest, type: 'tool-call' | 'tool-result') {
  return request.turns.flatMap((turn) => turn.parts.filter((part) => part.type === type));
}

describe('a prepared request', () => {
  it('has the results of each turn right behind it, one per call and in the order of the calls', () => {
    fc.assert(
      fc.property(arbitraryRequest, upstream, overrides, (request, dialect, profile) => {
        const { turns } = prepareRequest(request, contextOf(dialect, profile)).request;
        const expected: string[][] = [[]];
        const found = turns.map((turn) => {
          expected.push(turn.parts.filter((part) => part.type === 'tool-call').map(({ id }) => id));
          const results = turn.parts.filter((part) => part.type === 'tool-result');
          expect(turn.parts.slice(0, results.length)).toEqual(results);
          return results.map(({ callId }) => callId);
        });
        expect([...found, []]).toEqual(expected);
        const ids = expected.flat();
        expect(new Set(ids).size).toBe(ids.length);
      }),
      many,
    );
  });

  it('has none but legal ids and names, the same in calls, results, definitions and choice', () => {
    fc.assert(
      fc.property(arbitraryRequest, upstream, overrides, (request, dialect, profile) => {
        const context = contextOf(dialect, profile);
        const prepared = prepareRequest(request, context).request;
        const calls = new Map(partsOf(prepared, 'tool-call').map(({ id, name }) => [id, name]));
        const { toolIds, toolNames } = context.profile;
        expect([...calls.keys()].filter((id) => !isLegalCallId(id, toolIds))).toEqual([]);
        for (const { callId, name } of partsOf(prepared, 'tool-result')) expect(calls.get(callId)).toBe(name);
        const named = prepared.toolChoice?.mode === 'named' ? [prepared.toolChoice.name] : [];
        const names = [...calls.values(), ...named, ...prepared.tools.map(({ name }) => name)];
        expect(names.filter((name) => !isLegalToolName(name, toolNames))).toEqual([]);
      }),
      many,
    );
  });

  it('has tools of different names, of which each that was renamed can be put back', () => {
    fc.assert(
      fc.property(arbitraryRequest, upstream, overrides, (request, dialect, profile) => {
        const context = contextOf(dialect, { ...profile, structuredOutput: 'native' });
        const { request: prepared, renamedTools } = prepareRequest(request, context);
        if (dialect === 'openai-responses') return;
        const names = prepared.tools.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        const known = new Set(request.tools.map(({ name, namespace }) => JSON.stringify([name, namespace])));
        const back = prepared.tools
          .filter(({ name }) => name !== 'no_tool')
          .map(({ name }) => renamedTools.get(name) ?? { name, namespace: undefined });
        expect(back.filter(({ name, namespace }) => !known.has(JSON.stringify([name, namespace])))).toEqual([]);
      }),
      many,
    );
  });

  it('changes no more when it is prepared again', () => {
    fc.assert(
      fc.property(arbitraryRequest, upstream, overrides, (request, dialect, profile) => {
        const once = prepareRequest(request, contextOf(dialect, profile)).request;
        expect(prepareRequest(once, contextOf(dialect, profile)).request).toEqual(once);
      }),
      many,
    );
  });

  it('leaves the request from which it was made as it was', () => {
    fc.assert(
      fc.property(arbitraryRequest, upstream, overrides, (request, dialect, profile) => {
        const before = structuredClone(request);
        prepareRequest(deepFreeze(request), contextOf(dialect, profile));
        expect(request).toEqual(before);
      }),
    );
  });

  it('never has an empty text, nor an empty turn, nor turns of one role in a row where they alternate', () => {
    fc.assert(
      fc.property(arbitraryRequest, fc.constantFrom('anthropic', 'bedrock-converse', 'gemini'), (request, dialect) => {
        const { turns, system } = prepareRequest(request, contextOf(dialect)).request;
        const texts = [...system, ...turns.flatMap(({ parts }) => parts)].filter((part) => part.type === 'text');
        expect(texts.filter(({ text, signature }) => text === '' && !signature)).toEqual([]);
        expect(turns.filter(({ parts }) => parts.length === 0)).toEqual([]);
        expect(turns.map(({ role }, index) => [role, index])).toEqual(
          turns.map((_, index) => [index % 2 === 0 ? 'user' : 'assistant', index]),
        );
      }),
      many,
    );
  });

  it('carries no signature and no reasoning of another model', () => {
    fc.assert(
      fc.property(arbitraryRequest, upstream, (request, dialect) => {
        const { turns } = prepareRequest(request, contextOf(dialect)).request;
        const parts = turns.flatMap((turn) => turn.parts);
        const signatures = parts.flatMap((part) => ('signature' in part && part.signature ? [part.signature] : []));
        expect(signatures.filter((signature) => signature.dialect !== dialect)).toEqual([]);
        const unsigned = parts.filter((part) => part.type === 'reasoning' && part.signature === undefined);
        expect(dialect === 'openai-chat' ? [] : unsigned).toEqual([]);
      }),
      many,
    );
  });
});
