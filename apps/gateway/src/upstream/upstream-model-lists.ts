import type { CompiledProvider } from '../config/compiled-config.ts';
import { createEventId } from '../http/request-ids.ts';
import { readUpstreamModels } from './read-upstream-json.ts';

const FRESH_MS = 30_000;
const LONGEST_WAIT_MS = 2000;
const FETCH_TIMEOUT_MS = 5000;
const MAX_MODELS = 2000;
const MAX_NAME_LENGTH = 255;
const NONE: readonly string[] = [];

interface Entry {
  models: readonly string[];
  fetchedAt: number;
  fetching: Promise<void> | null;
}

/** What providers that accept any model say they have. Kept for 30 s; a caller waits for at most 2 s, and only the first time. */
export class UpstreamModelLists {
  readonly #entries = new WeakMap<object, Entry>();

  async of(provider: CompiledProvider): Promise<readonly string[]> {
    const entry = this.#entryOf(provider);
    const age = performance.now() - entry.fetchedAt;
    if (age > FRESH_MS) entry.fetching ??= this.#fetch(provider, entry);
    if (entry.fetching && entry.models === NONE) await atMost(entry.fetching, LONGEST_WAIT_MS);
    return entry.models;
  }

  /** The pool stands for the provider's address: a provider that moves starts anew. */
  #entryOf(provider: CompiledProvider): Entry {
    let entry = this.#entries.get(provider.pool);
    if (!entry) this.#entries.set(provider.pool, (entry = { models: NONE, fetchedAt: -Infinity, fetching: null }));
    return entry;
  }

  async #fetch(provider: CompiledProvider, entry: Entry): Promise<void> {
    try {
      if (!listsModels(provider)) return;
      const requestId = createEventId(Date.now());
      entry.models = readNames(await readUpstreamModels(provider, { requestId, timeoutMs: FETCH_TIMEOUT_MS }));
    } catch {
      // An upstream that does not list its models still serves them: the last list stays.
    } finally {
      entry.fetchedAt = performance.now();
      entry.fetching = null;
    }
  }
}

/** Not every vendor has such a list. */
function listsModels({ adapter, profiles }: CompiledProvider): boolean {
  return adapter.dialectFor('models', profiles.of('', '')) !== undefined;
}

/** Lists of OpenAI's and Anthropic's shape (`data[].id`) and of Gemini's (`models[].name`, with a prefix). */
function readNames(answer: unknown): readonly string[] {
  const { data, models } = (answer ?? {}) as { readonly data?: unknown; readonly models?: unknown };
  const listed = Array.isArray(data) ? data : models;
  if (!Array.isArray(listed)) return [];
  return listed.slice(0, MAX_MODELS).flatMap((model: { readonly id?: unknown; readonly name?: unknown } | null) => {
    const name = model?.id ?? model?.name;
    if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) return [];
    return [name.replace(/^models\//, '')];
  });
}

async function atMost(promise: Promise<void>, waitMs: number): Promise<void> {
  const { promise: waited, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMs);
  await Promise.race([promise, waited]);
  clearTimeout(timer);
}
