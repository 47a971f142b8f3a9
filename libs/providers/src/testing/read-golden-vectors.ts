import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GoldenVector } from './golden-vector.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../vectors');

/** All vectors of a kind, in the order of their ids. */
export function readGoldenVectors<K extends GoldenVector['kind']>(
  kind: K,
): readonly Extract<GoldenVector, { kind: K }>[] {
  return allGoldenVectors().filter((vector): vector is Extract<GoldenVector, { kind: K }> => vector.kind === kind);
}

/** Every vector, with the name of its file. */
export function allGoldenVectors(): readonly (GoldenVector & { readonly file: string })[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => ({ ...(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as GoldenVector), file }));
}
