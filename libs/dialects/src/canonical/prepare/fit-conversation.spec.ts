import { describe, expect, it } from '@jest/globals';
import type { Dialect, ModelProfileOverrides } from '@penstock/contracts';
import type { CanonicalPart, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn, SystemText } from '../canonical-request.ts';
import { prepareRequest } from './prepare-request.ts';
import { contextOf, requestOf } from './testing/prepare-fixture.test.ts';

function fit(fields: Partial<CanonicalRequest>, upstream: Dialect, overrides: ModelProfileOverrides = {}) {
  const context = contextOf(upstream, overrides);
  const { request } = prepareRequest(requestOf(fields), context);
  return { ...request, warnings: context.warnings.header() };
}

const text = (value: string): TextPart => ({ type: 'text', text: value });
const user = (...parts: CanonicalPart[]): CanonicalTurn => ({ role: 'user', parts });
const assistant = (...parts: CanonicalPart[]): CanonicalTurn => ({ role: 'assistant', parts });
const late = (value: string): CanonicalTurn => ({ role: 'system', parts: [text(value)] });
const system = (value: string): SystemText => ({ ...text(value), origin: 'system' });
const call = (id: string, fields: Partial<ToolCallPart> = {}): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  arguments: '{}',
  kind: 'function',
  ...fields,
});
const result = (callId: string, ...parts: ToolResultPart['parts']): ToolResultPart => ({
  type: 'tool-result',
  callId,
  parts,
  isError: false,
});
const named = (part: ToolResultPart): ToolResultPart => ({ ...part, name: 'f' });

describe('calls and results', () => {
  it('are brought together in the order of the calls, before what else the user says', () => {
    const turns = [
      user(text('go')),
      assistant(call('1'), call('2')),
      user(result('2', text('two'))),
      user(result('1', text('one'))),
      user(text('and')),
    ];
    expect(fit({ turns }, 'anthropic')).toMatchObject({
      turns: [turns[0], turns[1], user(named(result('1', text('one'))), named(result('2', text('two'))), text('and'))],
      warnings: null,
    });
  });

  it('are brought together across a message in between', () => {
    const turns = [user(text('go')), assistant(call('1')), user(text('wait')), user(result('1', text('one')))];
    expect(fit({ turns }, 'openai-chat').turns).toEqual([
      turns[0],
      turns[1],
      user(named(result('1', text('one'))), text('wait')),
    ]);
  });

  it('are completed by an error where a result is missing', () => {
    const path = 'messages[1].tool_calls[0]';
    const turns = [user(text('go')), assistant(call('1', { path })), assistant(text('so')), user(text('on'))];
    const { turns: fitted, warnings } = fit({ turns }, 'openai-chat');
    expect(fitted[2]).toEqual(user({ ...named(result('1', text('[no tool result was provided]'))), isError: true }));
    expect(warnings).toBe(`converted:${path}`);
  });

  it('tell an orphan in words', () => {
    const turns = [user(text('go')), user(result('c9', text('42'))), user(text('on'))];
    expect(fit({ turns }, 'anthropic').turns).toEqual([user(text('go'), text('Tool result c9: 42'), text('on'))]);
  });

  it('get ids of their own where one is used twice', () => {
    const turns = [
      user(text('go')),
      assistant(call('1')),
      user(result('1', text('first'))),
      assistant(call('1')),
      user(result('1', text('second'))),
    ];
    const fitted = fit({ turns }, 'anthropic').turns;
    expect(fitted.slice(3)).toEqual([assistant(call('1_2')), user(named(result('1_2', text('second'))))]);
  });

  it.each([
    ['a missing result', [user(text('go')), assistant(call('1'))]],
    ['an orphan', [user(result('c9', text('42')))]],
    ['an id used twice', [assistant(call('1'), call('1')), user(result('1'), result('1'))]],
  ])('are not repaired on a strict proxy: %s', (_, turns) => {
    expect(() => prepareRequest(requestOf({ turns }), contextOf('openai-chat', {}, 'strict'))).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'messages' }),
    );
  });

  it.each([
    ['', '{}', null],
    ['{"a":', '{"_raw":"{\\"a\\":"}', 'converted:messages'],
    ['[1]', '{"value":[1]}', 'converted:messages'],
    ['{"a":12345678901234567890}', '{"a":12345678901234567890}', null],
  ])('have arguments that are an object: %j is %j', (given, expected, warning) => {
    const turns = [user(text('go')), assistant(call('1', { arguments: given })), user(result('1'))];
    const { turns: fitted, warnings } = fit({ turns }, 'anthropic');
    expect(fitted[1]).toEqual(assistant(call('1', { arguments: expected })));
    expect(warnings).toBe(warning);
    const raw = fit({ turns }, 'openai-chat').turns[1];
    expect(raw).toEqual(assistant(call('1', { arguments: given === '' ? '{}' : given })));
  });
});

describe('texts of the system', () => {
  const turns = [user(text('U')), late('B'), user(text('W'))];

  it('are one where there may not be several', () => {
    const request = { system: [system('A'), { ...system('C'), cache: { ttl: '5m' } as const }], turns };
    expect(fit(request, 'openai-chat')).toMatchObject({
      system: [system('A\n\nC\n\nB')],
      turns: [user(text('U')), user(text('W'))],
    });
  });

  it('keep their boundaries and marks for Anthropic', () => {
    const marked: SystemText = { ...system('A'), cache: { ttl: '5m' } };
    expect(fit({ system: [marked, { ...system('C'), origin: 'developer' }] }, 'anthropic').system).toEqual([
      marked,
      system('C'),
    ]);
  });

  it('stay where they are, or are wrapped in the words of the user', () => {
    expect(fit({ turns }, 'openai-chat', { midSystem: 'native' }).turns).toEqual(turns);
    expect(fit({ turns }, 'openai-chat', { midSystem: 'user' })).toMatchObject({
      system: [],
      turns: [user(text('U')), user(text('<system-reminder>\nB\n</system-reminder>')), user(text('W'))],
    });
  });

  it('have the role that the model knows, and instructions only where there are some', () => {
    const instructions: SystemText = { ...text('I'), origin: 'instructions' };
    const origins = (upstream: Dialect) =>
      fit({ system: [instructions, system('S')] }, upstream, { multipleSystem: true }).system.map(
        ({ origin }) => origin,
      );
    expect(origins('openai-responses')).toEqual(['instructions', 'developer']);
    expect(origins('openai-chat')).toEqual(['system', 'system']);
  });

  it('lose an agent’s attribution to Anthropic, unless it goes there', () => {
    const header = 'x-anthropic-billing-header: cc_version=2.1; cch=abc;';
    expect(fit({ system: [system(header), system('You are.')] }, 'openai-chat').system).toEqual([system('You are.')]);
    expect(fit({ system: [system(header)] }, 'anthropic').system).toEqual([system(header)]);
  });

  it('are answered to a turn of the user where they stand alone', () => {
    const request = { system: [system('A')], turns: [] };
    expect(fit(request, 'anthropic').turns).toEqual([user(text('.'))]);
    expect(fit(request, 'gemini').turns).toEqual([user(text(' '))]);
    expect(fit(request, 'openai-chat').turns).toEqual([]);
  });
});

describe('turns', () => {
  it('alternate and begin with the user where they must', () => {
    const turns = [assistant(text('a')), assistant(text('b')), { ...user(text('c')), name: 'Ann' }, user(text('d'))];
    expect(fit({ turns }, 'gemini').turns).toEqual([
      user(text(' ')),
      assistant(text('a'), text('b')),
      user(text('c'), text('d')),
    ]);
    expect(fit({ turns }, 'openai-chat').turns).toEqual(turns);
  });

  it('that say nothing are left out', () => {
    const turns = [user(text('a'), text('')), assistant(text('')), user(text(' '), text('b'))];
    expect(fit({ turns }, 'openai-chat').turns).toEqual([user(text('a')), user(text(' '), text('b'))]);
    expect(fit({ turns }, 'anthropic').turns).toEqual([user(text('a'), text('b'))]);
  });

  it('may end with the beginning of an answer, without whitespace for Claude', () => {
    const turns = [user(text('a')), assistant(text('foo '))];
    expect(fit({ turns }, 'anthropic').turns).toEqual([user(text('a')), assistant(text('foo'))]);
    expect(fit({ turns }, 'openai-chat').turns).toEqual(turns);
  });

  it('end with the user where no answer can be begun, which a strict proxy refuses', () => {
    const turns = [user(text('a')), assistant(text('foo '))];
    expect(fit({ turns }, 'anthropic', { prefill: false })).toMatchObject({
      turns: [user(text('a')), assistant(text('foo')), user(text('Continue.'))],
      warnings: 'converted:messages',
    });
    expect(() => prepareRequest(requestOf({ turns }), contextOf('anthropic', { prefill: false }, 'strict'))).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'messages' }),
    );
  });
});

describe('reasoning of earlier turns', () => {
  const thought = (fields: Partial<ReasoningPart> = {}): ReasoningPart => ({
    type: 'reasoning',
    text: 'hm',
    ...fields,
  });
  const by = (dialect: Dialect, modelGroup = 'group') => ({ signature: { dialect, modelGroup, value: 's' } });
  const kept = (part: ReasoningPart, upstream: Dialect, overrides: ModelProfileOverrides = {}) => {
    const turns = [user(text('a')), assistant(part, text('b')), user(text('c'))];
    return fit({ turns }, upstream, overrides).turns[1]?.parts.filter(({ type }) => type === 'reasoning');
  };

  it('goes back to the models that signed it, and to no other', () => {
    expect(kept(thought(by('anthropic')), 'anthropic')).toEqual([thought(by('anthropic'))]);
    expect(kept(thought(by('anthropic', '*')), 'anthropic')).toEqual([thought(by('anthropic', '*'))]);
    expect(kept(thought(by('anthropic', 'other')), 'anthropic')).toEqual([]);
    expect(kept(thought(by('gemini')), 'anthropic')).toEqual([]);
    expect(kept(thought(by('gemini')), 'openai-responses')).toEqual([]);
  });

  it('never becomes a thinking block without a signature', () => {
    expect(kept(thought(), 'anthropic')).toEqual([]);
  });

  it('is told to a Chat server that has a field for it', () => {
    expect(kept(thought(by('anthropic')), 'openai-chat')).toEqual([thought()]);
    expect(kept(thought(), 'openai-chat', { reasoningField: 'none' })).toEqual([]);
    expect(kept(thought({ text: '', redacted: true }), 'openai-chat')).toEqual([]);
  });

  it('is stood in for on the first call of a turn where Gemini demands a signature', () => {
    const turns = [user(text('a')), assistant(call('1'), call('2')), user(result('1'), result('2'))];
    const signatures = (overrides: ModelProfileOverrides, first: Partial<ToolCallPart> = {}) =>
      fit(
        { turns: [user(text('a')), assistant(call('1', first), call('2')), ...turns.slice(2)] },
        'gemini',
        overrides,
      ).turns[1]?.parts.map((part) => (part.type === 'tool-call' ? part.signature?.value : null));
    expect(signatures({ thinking: 'level' })).toEqual(['skip_thought_signature_validator', undefined]);
    expect(signatures({ thinking: 'level' }, by('gemini'))).toEqual(['s', undefined]);
    expect(signatures({ thinking: 'level' }, by('anthropic'))).toEqual(['skip_thought_signature_validator', undefined]);
    expect(signatures({ thinking: 'budget' })).toEqual([undefined, undefined]);
  });
});

describe('parts of other dialects', () => {
  it('are dropped and reported, but for search results and refusals, which are told in words', () => {
    const value = { source: 'https://a.example', title: 'T', content: [{ type: 'text', text: 'found' }] };
    const opaque = { type: 'opaque', dialect: 'anthropic', value } as const;
    const turns = [
      user({ ...opaque, name: 'search_result', path: 'messages[0].content[0]' }),
      assistant(
        { ...opaque, name: 'server_tool_use', path: 'messages[1].content[0]' },
        { type: 'refusal', text: 'no' },
      ),
      user(text('why')),
    ];
    expect(fit({ dialect: 'anthropic', turns }, 'gemini')).toMatchObject({
      turns: [
        user({ ...text('Source: https://a.example\nTitle: T\nfound'), path: 'messages[0].content[0]' }),
        assistant(text('no')),
        user(text('why')),
      ],
      warnings: 'converted:messages[0].content[0], dropped:messages[1].content[0]',
    });
  });
});
