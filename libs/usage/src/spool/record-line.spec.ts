import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sampleEvent, sampleOpen } from '../testing/sample-usage.ts';
import { finalLines, readRecordLine, recordLine } from './record-line.ts';

type Kind = 'open' | 'final';

const lineOf = (kind: Kind, name: string): string =>
  recordLine(
    kind,
    JSON.stringify(kind === 'open' ? sampleOpen({ requestedModel: name }) : sampleEvent({ requestedModel: name })),
  );

describe('the lines of a segment', () => {
  it('are told apart', () => {
    for (const kind of ['open', 'final'] as const) expect(readRecordLine(lineOf(kind, 'x').trimEnd())?.kind).toBe(kind);
    expect(readRecordLine(lineOf('final', 'x').slice(0, -10))).toBeUndefined();
  });

  it('give up the final ones as they are, in blocks that end anywhere', () => {
    const kinds = fc.array(
      fc.tuple(fc.constantFrom<Kind>('open', 'final'), fc.string({ maxLength: 20, unit: 'grapheme' })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        kinds,
        fc.integer({ min: 1_500, max: 6_000 }),
        fc.integer({ min: 1, max: 4 }),
        (records, size, max) => {
          const lines = records.map(([kind, name]) => ({ kind, line: lineOf(kind, name) }));
          const file = Buffer.from(lines.map(({ line }) => line).join(''));
          const found: string[] = [];
          for (let offset = 0; offset < file.length;) {
            const { text, count, length } = finalLines(file.subarray(offset, offset + size), max);
            expect(length).toBeGreaterThan(0);
            expect(count).toBeLessThanOrEqual(max);
            if (count > 0) found.push(...text.split('\n'));
            offset += length;
          }
          expect(found).toEqual(lines.filter(({ kind }) => kind === 'final').map(({ line }) => line.trimEnd()));
        },
      ),
    );
  });

  it('that are no JSON object are left out', () => {
    const [before, after] = [lineOf('final', 'a'), lineOf('final', 'b')];
    const block = Buffer.from(`${before}\u0000\u0000nonsense\n\n${after}`);
    expect(finalLines(block, 10)).toEqual({ text: before + after.trimEnd(), count: 2, length: block.length });
  });
});
