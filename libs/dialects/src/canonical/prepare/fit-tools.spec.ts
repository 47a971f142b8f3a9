import { describe, expect, it } from '@jest/globals';
import type { Dialect, ModelProfileOverrides } from '@penstock/contracts';
import fc from 'fast-check';
import type { CanonicalRequest, CanonicalTool } from '../canonical-request.ts';
import { isLegalCallId, legalCallId } from './legal-call-id.ts';
import { isLegalToolName, legalToolName } from './legal-tool-name.ts';
import { prepareRequest } from './prepare-request.ts';
import { contextOf, requestOf } from './testing/prepare-fixture.test.ts';

function fit(fields: Partial<CanonicalRequest>, upstream: Dialect, overrides: ModelProfileOverrides = {}) {
  const context = contextOf(upstream, overrides);
  const { request, renamedTools } = prepareRequest(requestOf(fields), context);
  return { ...request, renamedTools, warnings: context.warnings.header() };
}

const tool = (name: string, fields: Partial<CanonicalTool> = {}): CanonicalTool => ({
  kind: 'function',
  name,
  ...fields,
});
const hosted: CanonicalTool = {
  kind: 'server',
  name: 'web_search',
  native: { dialect: 'openai-responses', value: { type: 'web_search' } },
  path: 'tools[0]',
};
const history = (
  name: string,
  fields: { readonly namespace?: string; readonly kind?: 'custom'; readonly arguments?: string } = {},
) => ({
  turns: [
    { role: 'user', parts: [{ type: 'text', text: 'go' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool-call', id: 'c', name, arguments: '{}', kind: 'function', ...fields }],
    },
    { role: 'user', parts: [{ type: 'tool-result', callId: 'c', parts: [], isError: false }] },
  ] satisfies CanonicalRequest['turns'],
});

describe('names of tools', () => {
  it.each([
    ['read_file', 'read_file'],
    ['9lives', '_9lives_bc867356'],
    ['read file', 'read_file_1214148e'],
    ['n'.repeat(65), `${'n'.repeat(55)}_1e3fb6d5`],
  ])('%s is sent as %s', (name, expected) => {
    expect(legalToolName(name, { maxLength: 64, startsWithLetter: true })).toBe(expected);
  });

  it('are legal and different for different names', () => {
    const rule = fc.record({ maxLength: fc.integer({ min: 16, max: 128 }), startsWithLetter: fc.boolean() });
    const name = fc.string({ unit: 'binary', maxLength: 150 });
    fc.assert(
      fc.property(name, name, rule, (one, other, limits) => {
        expect(isLegalToolName(legalToolName(one, limits), limits)).toBe(true);
        expect(legalToolName(one, limits) === legalToolName(other, limits)).toBe(one === other);
      }),
    );
  });

  it('are the same in definitions, choice and history, and can be put back', () => {
    const { tools, toolChoice, turns, renamedTools } = fit(
      { tools: [tool('read file')], toolChoice: { mode: 'named', name: 'read file' }, ...history('read file') },
      'anthropic',
    );
    const sent = tools[0]?.name ?? '';
    expect(sent).toMatch(/^read_file_[0-9a-f]{8}$/);
    expect(toolChoice).toEqual({ mode: 'named', name: sent });
    expect(turns[1]?.parts[0]).toMatchObject({ name: sent });
    expect(turns[2]?.parts[0]).toMatchObject({ name: sent });
    expect(renamedTools).toEqual(new Map([[sent, { name: 'read file', kind: 'function' }]]));
  });

  it('contain their group, but for the Responses API', () => {
    const request = { tools: [tool('a__b'), tool('b', { namespace: 'a' })], ...history('b', { namespace: 'a' }) };
    const { tools, turns, renamedTools } = fit(request, 'openai-chat');
    const sent = tools[1]?.name ?? '';
    expect(tools.map(({ name }) => name)).toEqual(['a__b', expect.stringMatching(/^a__b_[0-9a-f]{8}$/)]);
    expect(turns[1]?.parts[0]).toMatchObject({ name: sent });
    expect(tools[1]).not.toHaveProperty('namespace');
    expect(renamedTools).toEqual(new Map([[sent, { name: 'b', namespace: 'a', kind: 'function' }]]));
    expect(fit(request, 'openai-responses').tools[1]).toMatchObject({ name: 'b', namespace: 'a' });
  });

  it('are understood in a history that has forgotten the group, or has the name as it was sent', () => {
    const tools = [tool('b', { namespace: 'a' })];
    expect(fit({ tools, ...history('b') }, 'openai-chat').turns[1]?.parts[0]).toMatchObject({ name: 'a__b' });
    expect(fit({ tools, ...history('a__b') }, 'openai-chat').turns[1]?.parts[0]).toMatchObject({ name: 'a__b' });
  });
});

describe('ids of calls', () => {
  const mistral = { characters: 'alphanumeric', minLength: 9, maxLength: 9 } as const;

  it('are kept where they are legal and replaced alike everywhere else', () => {
    expect(legalCallId('abcDEF123', mistral)).toBe('abcDEF123');
    expect(legalCallId('call_abc123', mistral)).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(legalCallId('call_abc123', mistral)).toBe(legalCallId('call_abc123', mistral));
    const long = `toolu_${'x'.repeat(80)}`;
    expect(legalCallId(long, { characters: 'any', minLength: 1, maxLength: 64 })).toMatch(/^toolu_x{49}_\w{8}$/);
  });

  it('are legal for any id, and different for different ones', () => {
    const rule = fc
      .record({
        characters: fc.constantFrom('any' as const, 'word' as const, 'alphanumeric' as const),
        lengths: fc.tuple(fc.integer({ min: 9, max: 100 }), fc.integer({ min: 9, max: 100 })),
      })
      .map(({ characters, lengths }) => ({
        characters,
        minLength: Math.min(...lengths),
        maxLength: Math.max(...lengths),
      }));
    const id = fc.string({ unit: 'binary', maxLength: 120 });
    fc.assert(
      fc.property(id, id, rule, (one, other, limits) => {
        expect(isLegalCallId(legalCallId(one, limits), limits)).toBe(true);
        expect(legalCallId(one, limits) === legalCallId(other, limits)).toBe(one === other);
      }),
    );
  });
});

describe('tools and choice', () => {
  it('are gone when there are none', () => {
    const request = fit({ tools: [], toolChoice: { mode: 'auto' }, parallelToolCalls: true }, 'openai-chat');
    expect(request).not.toHaveProperty('toolChoice');
    expect(request).not.toHaveProperty('parallelToolCalls');
    expect(request.warnings).toBeNull();
    expect(fit({ toolChoice: { mode: 'required' } }, 'openai-chat').warnings).toBe('dropped:tool_choice');
  });

  it('lose tools that another vendor runs', () => {
    const request = fit({ tools: [hosted], toolChoice: { mode: 'auto' } }, 'openai-chat');
    expect(request.tools).toEqual([]);
    expect(request).not.toHaveProperty('toolChoice');
    expect(request.warnings).toBe('dropped:tools[0]');
    expect(fit({ tools: [hosted] }, 'openai-responses').tools).toEqual([hosted]);
  });

  it.each([{ mode: 'required' }, { mode: 'named', name: 'web_search' }] as const)(
    'are refused when such a tool is forced by %j',
    (toolChoice) => {
      expect(() => fit({ tools: [hosted], toolChoice }, 'anthropic')).toThrow(
        expect.objectContaining({ code: 'unsupported_parameter', param: 'tool_choice' }),
      );
    },
  );

  it('are the allowed ones of a list', () => {
    const toolChoice = { mode: 'required', allowed: ['b'] } as const;
    const request = fit({ tools: [tool('a'), tool('b')], toolChoice }, 'gemini');
    expect(request.tools.map(({ name }) => name)).toEqual(['b']);
    expect(request.toolChoice).toEqual({ mode: 'required' });
  });

  it('are never two of the same name', () => {
    const request = fit({ tools: [tool('a'), tool('a', { path: 'tools[1]' })] }, 'anthropic');
    expect(request.tools).toHaveLength(1);
    expect(request.warnings).toBe('dropped:tools[1]');
  });

  it('are kept for "none", but for Converse, which has no word for it', () => {
    const request = { tools: [tool('a')], toolChoice: { mode: 'none' } } as const;
    expect(fit(request, 'anthropic')).toMatchObject({ tools: [{ name: 'a' }], toolChoice: { mode: 'none' } });
    const converse = fit(request, 'bedrock-converse');
    expect(converse.tools).toEqual([]);
    expect(converse).not.toHaveProperty('toolChoice');
    expect(fit({ ...request, ...history('a') }, 'bedrock-converse')).toMatchObject({
      tools: [{ name: 'a' }],
      warnings: 'dropped:tool_choice',
    });
  });

  it('are made up for Converse when the history has calls', () => {
    expect(fit(history('gone'), 'bedrock-converse').tools).toMatchObject([{ name: 'no_tool' }]);
    expect(fit(history('gone'), 'anthropic').tools).toEqual([]);
  });

  it('have the schemas of the upstream, which Gemini wants not at all when they are empty', () => {
    const tools = [tool('a', { parameters: { type: 'object' } }), tool('b')];
    const empty = { type: 'object', properties: {} };
    expect(fit({ tools }, 'openai-chat').tools.map(({ parameters }) => parameters)).toEqual([empty, empty]);
    expect(fit({ tools }, 'gemini').tools.map(({ parameters }) => parameters)).toEqual([undefined, undefined]);
  });

  it.each([
    { type: 'object' },
    { type: 'object', additionalProperties: { type: 'string' } },
    { type: 'array', items: { type: 'object' } },
    { anyOf: [{ type: 'string' }, { type: 'object' }] },
    { enum: [1, 'a', null] },
  ])('keep a schema as it is of which Gemini’s subset could not say %j', (any) => {
    const parameters = { type: 'object', properties: { any }, additionalProperties: false };
    expect(fit({ tools: [tool('a', { parameters })] }, 'gemini').tools).toMatchObject([
      { parameters, plainSchema: true },
    ]);
    const output = { kind: 'schema', schema: parameters } as const;
    expect(fit({ output }, 'gemini').output).toEqual({ ...output, plainSchema: true });
  });

  it('are strict only where the model and the schema allow it', () => {
    const open = { type: 'object', properties: { a: { type: 'string' } } };
    const tools = [
      tool('a', { strict: true, parameters: { ...open, required: ['a'] } }),
      tool('b', { strict: true, parameters: open }),
    ];
    expect(fit({ tools }, 'openai-responses').tools.map(({ strict }) => strict)).toEqual([true, false]);
    const anthropic = fit({ tools }, 'anthropic');
    expect(anthropic.tools.map(({ strict }) => strict)).toEqual([undefined, undefined]);
    expect(anthropic.warnings).toBe('dropped:tools.strict');
  });
});

describe('freeform tools', () => {
  const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };
  const patch = tool('apply_patch', {
    kind: 'custom',
    description: 'Patches.',
    native: { dialect: 'openai-responses', value: format },
  });

  it('are functions of one input, whose grammar is told', () => {
    const { tools, turns, renamedTools } = fit(
      { tools: [patch], ...history('apply_patch', { kind: 'custom', arguments: 'a "b"' }) },
      'openai-chat',
    );
    expect(tools).toMatchObject([
      {
        kind: 'function',
        description: 'Patches.\n\nThe input must follow this grammar (lark):\nstart: "a"',
        parameters: { properties: { input: { type: 'string' } }, required: ['input'] },
      },
    ]);
    expect(turns[1]?.parts[0]).toMatchObject({ kind: 'function', arguments: '{"input":"a \\"b\\""}' });
    expect(renamedTools).toEqual(new Map([['apply_patch', { name: 'apply_patch', kind: 'custom' }]]));
  });

  it('find their grammar in the form of Chat as well', () => {
    const nested = { type: 'grammar', grammar: { syntax: 'regex', definition: 'a+' } };
    const chat = tool('x', { kind: 'custom', native: { dialect: 'openai-chat', value: nested } });
    expect(fit({ tools: [chat] }, 'gemini').tools[0]?.description).toContain('(regex):\na+');
  });

  it('stay what they are where they are known', () => {
    const { tools, renamedTools } = fit({ tools: [patch] }, 'openai-responses');
    expect(tools).toEqual([patch]);
    expect(renamedTools.size).toBe(0);
  });
});

describe('structured output', () => {
  const schema = { type: 'object', properties: { a: { type: 'number', minimum: 1 } } };
  const output = { kind: 'schema', schema, strict: true } as const;

  it('is the vendor’s own, in its dialect', () => {
    expect(fit({ output }, 'anthropic').output).toEqual({
      ...output,
      schema: {
        type: 'object',
        properties: { a: { type: 'number', description: 'Constraints: minimum: 1.' } },
        additionalProperties: false,
      },
    });
    expect(fit({ output }, 'openai-responses').output).toEqual({ ...output, strict: false });
    expect(fit({ output }, 'openai-chat').output).toEqual(output);
  });

  it('is any JSON for Gemini where the schema asks for nothing', () => {
    expect(fit({ output: { kind: 'schema', schema: {} } }, 'gemini').output).toEqual({ kind: 'json' });
  });

  it('is a forced tool, beside the caller’s own', () => {
    const context = contextOf('bedrock-converse');
    const alone = prepareRequest(requestOf({ output }), context);
    expect(alone).toMatchObject({
      outputTool: 'json',
      request: { output: { kind: 'text' }, tools: [{ name: 'json' }], toolChoice: { mode: 'named', name: 'json' } },
    });
    const beside = prepareRequest(requestOf({ output, tools: [tool('json')] }), context);
    expect(beside).toMatchObject({
      outputTool: 'json_2',
      request: { tools: [{ name: 'json' }, { name: 'json_2' }], toolChoice: { mode: 'required' } },
    });
  });

  it('is asked for in words where there is no other way', () => {
    expect(fit({ output: { kind: 'json' } }, 'anthropic')).toMatchObject({
      output: { kind: 'text' },
      system: [{ text: 'Respond only with a single valid JSON object.' }],
    });
    const { system } = fit({ output }, 'openai-chat', { structuredOutput: 'prompt' });
    expect(system[0]?.text).toContain(JSON.stringify(schema));
  });

  it('is refused when its schema contains itself', () => {
    const loop = { type: 'object', properties: { a: { $ref: '#' } } };
    expect(() => fit({ output: { kind: 'schema', schema: loop } }, 'gemini')).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'response_format' }),
    );
  });
});
