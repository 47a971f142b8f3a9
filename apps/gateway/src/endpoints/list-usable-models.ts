import { listModels } from '@penstock/routing';
import type { CompiledConfig, CompiledKey, CompiledProxy } from '../config/compiled-config.ts';
import { mayUseModel } from '../pipeline/authorize.ts';
import type { UpstreamModelLists } from '../upstream/upstream-model-lists.ts';

/** A model as `GET /v1/models` shows it. */
export interface UsableModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/**
 * What a key may use at a proxy: the models that the proxy knows by name, and what its open providers list. Those of the
 * primary provider go by their own name, those of others by `provider/model`.
 */
export async function listUsableModels(
  who: { readonly key: CompiledKey | null; readonly proxy: CompiledProxy; readonly config: CompiledConfig },
  lists: UpstreamModelLists,
): Promise<readonly UsableModel[]> {
  const { key, proxy, config } = who;
  const owners = new Map<string, string>(listModels(proxy.routes).map(({ id, ownedBy }) => [id, ownedBy]));
  const [primary] = proxy.routes.providers;
  const open = proxy.routes.providers.filter(({ models }) => models === null);
  await Promise.all(
    open.map(async ({ providerId, alias }) => {
      const provider = config.providers.get(providerId);
      for (const name of provider ? await lists.of(provider) : []) {
        const id = alias === primary?.alias ? name : `${alias}/${name}`;
        if (!owners.has(id)) owners.set(id, alias);
      }
    }),
  );
  return [...owners]
    .filter(([id]) => mayUseModel(key, proxy, id))
    .map(([id, ownedBy]) => ({ id, object: 'model', created: 0, owned_by: ownedBy }));
}
