import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { formatBytes, formatCount, formatDuration, formatUsd } from './format-values.ts';
import { render, renderFields } from './render.ts';
import { renderTable } from './table.ts';

describe('values for people', () => {
  it.each([
    [0, '0.00'],
    [1, '0.000001'],
    [1_500_000, '1.50'],
    [1_234_567_890_000, '1,234,567.89'],
    [999_999, '0.999999'],
  ])('%i micro-USD are %s', (micro, usd) => expect(formatUsd(micro)).toBe(usd));

  it('lose nothing of the money', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_000_000_000_000_000 }), (micro) => {
        const [whole = '', fraction = ''] = formatUsd(micro).replaceAll(',', '').split('.');
        expect(BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))).toBe(BigInt(micro));
      }),
    );
  });

  it('are as short as they can be read', () => {
    expect([0, 999, 1_000, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([0.4, 999, 1_500, 119_999, 120_000].map(formatDuration)).toEqual([
      '0 ms',
      '999 ms',
      '1.5 s',
      '120.0 s',
      '2 min',
    ]);
    expect([1_023, 1_536, 3 * 1_024 * 1_024].map(formatBytes)).toEqual(['1023 B', '1.5 KiB', '3.0 MiB']);
  });
});

describe('a table', () => {
  const columns = [
    { title: 'NAME', value: (row: readonly [string, string]) => row[0] },
    { title: 'N', value: (row: readonly [string, string]) => row[1], align: 'right' as const },
  ];

  it('stands in columns, numbers to the right, without blanks at the ends', () => {
    expect(
      renderTable(columns, [
        ['a-long-name', '1'],
        ['b', '1,000'],
      ]),
    ).toBe('NAME             N\na-long-name      1\nb            1,000\n');
    expect(renderTable(columns.slice(0, 1), [['a', '']])).toBe('NAME\na\n');
    expect(renderTable(columns, [])).toBe('NAME  N\n');
  });

  it('shows control characters of names as question marks', () => {
    expect(renderTable(columns, [['\u001b[2Jx\ny', '1']])).toBe('NAME     N\n?[2Jx?y  1\n');
  });
});

describe('an answer', () => {
  const value = { items: [{ name: 'yes', count: 3, none: null }] };

  it('is the same in JSON and YAML, and a table for people', () => {
    expect(JSON.parse(render('json', value, () => ''))).toEqual(value);
    expect(parse(render('yaml', value, () => ''))).toEqual(value);
    expect(render('table', value, ({ items }) => `${items.length}\n`)).toBe('1\n');
    expect(renderFields({ a: '1', long: '2' })).toBe('a:     1\nlong:  2\n');
  });
});
