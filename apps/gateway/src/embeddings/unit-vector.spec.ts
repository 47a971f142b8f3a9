import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cosine, readUnitVector } from './unit-vector.ts';

const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 });
const unit = (value: unknown): Float32Array => readUnitVector(value) ?? new Float32Array();

describe('C semantic-cache: the vector of a text', () => {
  it('C semantic-cache: has the length 1, whatever the numbers are', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const vector = readUnitVector(values);
        if (values.every((value) => value === 0)) expect(vector).toBeNull();
        else expect(Math.hypot(...unit(values))).toBeCloseTo(1, 5);
      }),
    );
  });

  it('C semantic-cache: is as near to another as the other to it, and nearest to itself', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.double({ min: 0.001, max: 1_000, noNaN: true }), (one, other, factor) => {
        const [a, b] = [readUnitVector(one), readUnitVector(other)];
        if (!a || !b) return;
        const similarity = cosine(a, b);
        expect(similarity).toBe(cosine(b, a));
        expect(Math.abs(similarity)).toBeLessThanOrEqual(1);
        expect(cosine(a, a)).toBeCloseTo(1, 5);
        const longer = readUnitVector(one.map((value) => value * factor));
        if (longer && one.every((value) => Math.abs(value) > 1e-100))
          expect(cosine(longer, b)).toBeCloseTo(similarity, 4);
      }),
    );
  });

  it('C semantic-cache: is nearer the smaller the angle', () => {
    const at = (degrees: number) => unit([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);
    expect(cosine(at(0), at(60))).toBeCloseTo(0.5, 6);
    expect(cosine(at(0), at(90))).toBeCloseTo(0, 6);
    expect(cosine(at(0), at(180))).toBeCloseTo(-1, 6);
    expect(cosine(at(0), unit([1, 0, 0]))).toBe(-1);
  });

  it('C semantic-cache: may come as float32 in base64', () => {
    const bytes = Buffer.from(Float32Array.of(3, 4).buffer);
    expect([...unit(bytes.toString('base64'))]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  });

  it.each([
    [undefined],
    [null],
    [[]],
    [[0, 0]],
    [['1']],
    [[1, null]],
    [[1, Infinity]],
    ['AAA='],
    [''],
    [{}],
    [Array(8_193).fill(1)],
  ])('C semantic-cache: cannot be read from %j', (value) => {
    expect(readUnitVector(value)).toBeNull();
  });
});
