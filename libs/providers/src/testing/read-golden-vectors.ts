import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GoldenVector } from './golden-vector.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../vectors');

type VectorOf<K extends GoldenVector['kind']> = Extract<GoldenVector, { readonly kind: K }>;

/** All vectors of a kind, in the order of their ids. */
export function readGoldenVectors<K extends GoldenVector['kind']>(kind: K): readonly VectorOf<K>[] {
  const isOfKind = (vector: GoldenVector): vector is VectorOf<K> => vector.kind === kind;
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as GoldenVector)
    .filter(isOfKind);
}
