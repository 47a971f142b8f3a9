import { type CustomObject, keyText, type ObjectKey } from './kubernetes/custom-object.ts';
import { secretNameOf } from './reconcile/key-delivery.ts';
import { secretReferencesIn } from './reconcile/resolve-secrets.ts';

interface Stored {
  readonly key: ObjectKey;
  readonly object: CustomObject;
  /** Secrets of its namespace that it reads or writes. */
  readonly secrets: readonly string[];
}

/** The objects as the watches told them last, and which Secrets they use. */
export class ObjectStore {
  readonly #objects = new Map<string, Stored>();
  readonly #bySecret = new Map<string, Set<string>>();

  /** Whether there is something to be done: changes of the status and of finalizers are the operator's own. */
  put(key: ObjectKey, object: CustomObject): boolean {
    const text = keyText(key);
    const former = this.#objects.get(text)?.object;
    this.remove(key);
    const secrets = secretsOf(key, object);
    this.#objects.set(text, { key, object, secrets });
    for (const secret of secrets) {
      const id = `${key.namespace}/${secret}`;
      this.#bySecret.set(id, (this.#bySecret.get(id) ?? new Set()).add(text));
    }
    return former === undefined || essence(former) !== essence(object);
  }

  get(text: string): Stored | undefined {
    return this.#objects.get(text);
  }

  remove(key: ObjectKey): void {
    const text = keyText(key);
    for (const secret of this.#objects.get(text)?.secrets ?? []) {
      const id = `${key.namespace}/${secret}`;
      const users = this.#bySecret.get(id);
      users?.delete(text);
      if (users?.size === 0) this.#bySecret.delete(id);
    }
    this.#objects.delete(text);
  }

  keys(): readonly string[] {
    return [...this.#objects.keys()];
  }

  values(): Iterable<{ readonly key: ObjectKey; readonly object: CustomObject }> {
    return this.#objects.values();
  }

  usersOfSecret(namespace: string, name: string): readonly string[] {
    return [...(this.#bySecret.get(`${namespace}/${name}`) ?? [])];
  }
}

function secretsOf({ kind }: ObjectKey, object: CustomObject): readonly string[] {
  const read = secretReferencesIn(object.spec).map(({ name }) => name);
  return [...new Set(kind === 'VirtualKey' ? [...read, secretNameOf(object)] : read)];
}

/** What a change of which is a cause to look at the object. */
function essence({ metadata }: CustomObject): string {
  const { uid, generation, labels, annotations, deletionTimestamp } = metadata;
  return JSON.stringify([uid, generation, labels, annotations, deletionTimestamp]);
}
