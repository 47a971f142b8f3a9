import { expired } from './api-status.ts';
import type { KubeObject } from './kube-object.ts';

/** One change, as watches tell it. */
export interface StoredEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly collection: string;
  readonly object: KubeObject;
  readonly version: number;
}

type Listener = (event: StoredEvent) => void;

/** All objects by collection and name, with one version number that counts every change, and the changes that are still known. */
export class VersionedStore {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<Listener>();
  #history: StoredEvent[] = [];
  #version = 1;
  /** Changes up to it are forgotten. */
  #forgotten = 1;

  get version(): number {
    return this.#version;
  }

  get(collection: string, id: string): KubeObject | undefined {
    return this.#objects.get(collection)?.get(id);
  }

  /** In the order of their names. */
  list(collection: string): readonly KubeObject[] {
    const found = [...(this.#objects.get(collection) ?? [])];
    return found.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
  }

  collections(): readonly string[] {
    return [...this.#objects.keys()];
  }

  /** Stores the object under a new version, which it returns it with. */
  put(collection: string, id: string, object: KubeObject): KubeObject {
    const objects = this.#objects.get(collection) ?? new Map<string, KubeObject>();
    this.#objects.set(collection, objects);
    const type = objects.has(id) ? 'MODIFIED' : 'ADDED';
    const stored = this.#next(object);
    objects.set(id, stored);
    this.#tell({ type, collection, object: stored, version: this.#version });
    return stored;
  }

  remove(collection: string, id: string): void {
    const object = this.get(collection, id);
    if (!object) return;
    this.#objects.get(collection)?.delete(id);
    this.#tell({ type: 'DELETED', collection, object: this.#next(object), version: this.#version });
  }

  /** Forgets what has happened so far: watches that want to go on from before are told that it has expired. */
  compact(): void {
    this.#history = [];
    this.#forgotten = this.#version;
  }

  /** Tells all changes after `version`, and those to come, until the returned function is called. Throws the 410. */
  follow(version: number, listener: Listener): () => void {
    if (version < this.#forgotten) throw expired(version, this.#forgotten);
    for (const event of this.#history) if (event.version > version) listener(event);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #next(object: KubeObject): KubeObject {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  #tell(event: StoredEvent): void {
    this.#history.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}
