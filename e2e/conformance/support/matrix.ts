import type { Caller } from './caller.ts';
import { Cell } from './cell.ts';
import type { ConformanceWorld } from './conformance-world.ts';
import { type Check, type FeatureName, featureNames } from './feature.ts';
import { documentedRefusal, isOffered, type RefusalRecord } from './refusals.ts';
import { Refusal } from './refusal.ts';
import { type Upstream, upstreams } from './upstream.ts';

/** What came of a cell. */
export type Result =
  | { readonly kind: 'works' | 'not-offered' }
  | ({ readonly kind: 'refused' } & RefusalRecord)
  | { readonly kind: 'failed'; readonly error: unknown };

export interface CellResult {
  readonly caller: Caller;
  readonly upstream: Upstream;
  readonly feature: FeatureName;
  readonly result: Result;
}

type Checks = Readonly<Record<FeatureName, Check>>;

/** Tries every cell, some of them at a time. */
export async function runMatrix(
  world: ConformanceWorld,
  subjects: { readonly callers: readonly Caller[]; readonly checks: Checks; readonly atOnce: number },
): Promise<readonly CellResult[]> {
  const { callers, checks, atOnce } = subjects;
  const cells = callers.flatMap((caller) =>
    upstreams.flatMap((upstream) => featureNames.map((feature) => ({ caller, upstream, feature }))),
  );
  const results: CellResult[] = [];
  const waiting = cells.values();
  const work = async (): Promise<void> => {
    for (const { caller, upstream, feature } of waiting) {
      const result = await tryCell(new Cell(world, caller, upstream), feature, checks[feature]);
      results.push({ caller, upstream, feature, result });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

async function tryCell(cell: Cell, feature: FeatureName, check: Check): Promise<Result> {
  const { caller, upstream } = cell;
  if (!isOffered(caller.name, feature)) return { kind: 'not-offered' };
  const documented = documentedRefusal(caller.name, upstream, feature);
  try {
    // What is refused has no errors of the vendor's to be told.
    await (documented && feature === 'errors' ? cell.ask('text', { stream: false, say: 'Hello' }) : check(cell));
  } catch (error) {
    const isDocumented =
      error instanceof Refusal && error.status === documented?.status && error.code === documented.code;
    return isDocumented ? { kind: 'refused', ...documented } : { kind: 'failed', error };
  }
  if (!documented) return { kind: 'works' };
  return { kind: 'failed', error: new Error('it works, although the documentation says that it is refused') };
}
