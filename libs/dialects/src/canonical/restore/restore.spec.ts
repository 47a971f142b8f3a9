import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CanonicalEvent } from '../canonical-event.ts';
import type { CanonicalPart } from '../canonical-part.ts';
import type { CanonicalResponse } from '../canonical-response.ts';
import type { CallerTool } from '../prepare-context.ts';
import { createEventRestorer } from './create-event-restorer.ts';
import { restoreResponse } from './restore-response.ts';

const renamed = new Map<string, CallerTool>([
  ['read_file_1', { name: 'read file', kind: 'function' }],
  ['ns__go', { name: 'go', namespace: 'ns', kind: 'function' }],
  ['patch', { name: 'patch', kind: 'custom' }],
]);
const call = (name: string, args = '{}'): CanonicalPart => ({
  type: 'tool-call',
  id: 'c',
  name,
  arguments: args,
  kind: 'function',
});
const answer = (...parts: CanonicalPart[]): CanonicalResponse => ({
  id: 'r',
  model: 'm',
  choices: [{ parts, finish: { reason: 'tool-calls' } }],
  usage: null,
});

describe('a restored answer', () => {
  it('names tools as the caller does', () => {
    const restored = restoreResponse(answer(call('read_file_1'), call('ns__go'), call('other')), renamed);
    expect(restored).toEqual(
      answer(call('read file'), { ...call('go'), namespace: 'ns' } as CanonicalPart, call('other')),
    );
  });

  it.each([
    ['{"input":"a\\nb"}', 'a\nb'],
    ['{"input":{"a":1}}', '{"a":1}'],
    ['plain', 'plain'],
    ['{"patch":"x"}', '{"patch":"x"}'],
  ])('has the bare input of a freeform tool: %j is %j', (args, input) => {
    const restored = restoreResponse(answer(call('patch', args)), renamed);
    expect(restored).toEqual(answer({ ...call('patch', input), kind: 'custom' } as CanonicalPart));
  });

  it('has the structured output as text, and ends as one', () => {
    const text = { type: 'text', text: '{"a":1}' } as const;
    expect(restoreResponse(answer(call('json', '{"a":1}')), new Map(), 'json')).toEqual({
      ...answer(text),
      choices: [{ parts: [text], finish: { reason: 'stop' } }],
    });
    expect(restoreResponse(answer(call('json', '{"a":1}'), call('f')), new Map(), 'json')).toEqual(
      answer(text, call('f')),
    );
  });
});

const start = (key: string, name: string): CanonicalEvent => ({
  type: 'tool-call-start',
  key,
  id: key,
  name,
  kind: 'function',
});
const args = (key: string, text: string): CanonicalEvent => ({ type: 'tool-call-arguments', key, text });
const end = (key: string): CanonicalEvent => ({ type: 'tool-call-end', key });
const finish = (reason: 'tool-calls' | 'stop' | 'length'): CanonicalEvent => ({ type: 'finish', finish: { reason } });
const restore = (events: readonly CanonicalEvent[], outputTool?: string) => {
  const restorer = createEventRestorer(renamed, outputTool);
  return events.flatMap((event) => restorer.push(event));
};

describe('a restored stream', () => {
  it('names tools as the caller does and passes on all else', () => {
    const text: CanonicalEvent = { type: 'text', key: 't', text: 'x' };
    expect(
      restore([text, start('1', 'ns__go'), args('1', '{'), args('1', '}'), end('1'), finish('tool-calls')]),
    ).toEqual([
      text,
      { ...start('1', 'go'), namespace: 'ns' },
      args('1', '{'),
      args('1', '}'),
      end('1'),
      finish('tool-calls'),
    ]);
  });

  it('has the bare input of freeform tools for every split of their arguments, also where calls are mixed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.nat(40), { maxLength: 5 }),
        fc.boolean(),
        (input, cuts, ends) => {
          const whole = JSON.stringify({ input });
          const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
          const pieces = at.slice(1).map((to, index) => args('1', whole.slice(at[index], to)));
          const mixed = pieces.flatMap((piece) => [piece, args('2', 'x')]);
          const events = [
            start('1', 'patch'),
            start('2', 'other'),
            ...mixed,
            ...(ends ? [end('1')] : []),
            finish('tool-calls'),
          ];
          const restored = restore(events);
          const own = restored.filter((event) => 'key' in event && event.key === '1');
          expect(own).toEqual([
            { ...start('1', 'patch'), kind: 'custom' },
            ...(input === '' ? [] : [args('1', input)]),
            end('1'),
          ]);
          expect(restored.at(-1)).toEqual(finish('tool-calls'));
          expect(restored.filter((event) => event.type === 'tool-call-arguments' && event.key === '2')).toHaveLength(
            pieces.length,
          );
        },
      ),
    );
  });

  it('has the structured output as text, and ends as one', () => {
    const events = [start('1', 'json'), args('1', '{"a"'), args('1', ':1}'), end('1')];
    const text = [
      { type: 'text', key: '1', text: '{"a"' },
      { type: 'text', key: '1', text: ':1}' },
      { type: 'part-end', key: '1' },
    ];
    expect(restore([...events, finish('tool-calls')], 'json')).toEqual([...text, finish('stop')]);
    expect(restore([...events, finish('length')], 'json')).toEqual([...text, finish('length')]);
    expect(restore([...events, start('2', 'f'), end('2'), finish('tool-calls')], 'json').at(-1)).toEqual(
      finish('tool-calls'),
    );
  });

  it('holds nothing back that is not its own after an error', () => {
    const error: CanonicalEvent = {
      type: 'error',
      error: { fault: 'upstream', message: 'x', type: null, code: null, param: null },
    };
    expect(restore([start('1', 'patch'), args('1', '{"in'), error])).toEqual([
      { ...start('1', 'patch'), kind: 'custom' },
      error,
    ]);
  });
});
