import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { GoldenVector } from '../testing/golden-vector.ts';
import { readGoldenVectors } from '../testing/read-golden-vectors.ts';

const KINDS: readonly GoldenVector['kind'][] = ['request', 'response', 'stream', 'error', 'embeddings'];
const vectors = KINDS.flatMap((kind): readonly GoldenVector[] => readGoldenVectors(kind));

const numbered = (letter: string, numbers: readonly number[]): readonly string[] =>
  numbers.map((number) => letter + String(number).padStart(2, '0'));

/** The rows of research/translation.md §11. R74 is about credentials, which no body has: the gateway's own tests hold it. */
const LISTED = [
  ...numbered(
    'R',
    [1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 28, 29, 31, 32, 34, 35, 37, 38, 40, 41, 43, 44],
  ),
  ...numbered('R', [46, 47, 49, 50, 52, 53, 55, 56, 58, 59, 61, 62, 64, 65, 67, 68, 70, 71, 73, 76, 77]),
  ...numbered('N', [1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17]),
  ...numbered(
    'S',
    [
      1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 28, 29, 31, 32, 34, 35, 37, 38, 40, 41, 43, 44,
      46,
    ],
  ),
  ...numbered('E', [1, 2, 4, 5, 7, 8, 10, 11]),
];

describe('the vectors', () => {
  it('are all that the specification lists', () => {
    const ids = new Set(vectors.map(({ id }) => id));
    expect(LISTED.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('each have an id of their own, with which the name of the file begins', () => {
    const ids = vectors.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const files = readdirSync(path.resolve(import.meta.dirname, '../../vectors'));
    expect(files.map((file) => file.split('-', 1)[0] ?? '').toSorted()).toEqual(ids.toSorted());
  });

  it('are told why where they depart from the specification or go beyond it', () => {
    const beyond = vectors.filter(({ id, note }) => id.startsWith('X') && note === undefined);
    expect(beyond.map(({ id }) => id)).toEqual([]);
  });
});
