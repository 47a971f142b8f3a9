import type { Json, JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { upstreamFault } from './errors.ts';
import { numberOf, stringOf } from './json-fields.ts';

/** Longer arrays and deeper trees than any tool's arguments have. */
const MAX_INDEX = 10_000;
const MAX_DEPTH = 64;

type Node = Map<string | number, Node | Json>;

/**
 * Puts together the arguments that Vertex streams piece by piece, each with the JSON path (RFC 9535) at which it belongs.
 * Text goes on from piece to piece of the same path.
 */
export class PartialArguments {
  readonly #root: Node = new Map();
  /** The path whose text goes on. */
  #growing: string | null = null;

  /** Throws `UpstreamFaultError` for a piece that has no place: arguments with a hole in them must not be run. */
  add(piece: JsonObject): void {
    const path = stringOf(piece['jsonPath']) ?? '';
    const steps = stepsOf(path);
    const last = steps?.at(-1);
    if (!steps || last === undefined)
      throw new UpstreamFaultError(upstreamFault('Arguments of a call cannot be read.'));
    const parent = this.#parentOf(steps.slice(0, -1));
    const text = stringOf(piece['stringValue']);
    const before = this.#growing === path ? parent.get(last) : undefined;
    parent.set(last, text === undefined ? plainValue(piece) : (typeof before === 'string' ? before : '') + text);
    this.#growing = piece['willContinue'] === true ? path : null;
  }

  /** The whole arguments as JSON text. */
  toJson(): string {
    return JSON.stringify(plain(this.#root) ?? {});
  }

  #parentOf(steps: readonly (string | number)[]): Node {
    let node = this.#root;
    for (const step of steps) {
      const next = node.get(step);
      const child: Node = next instanceof Map ? next : new Map();
      node.set(step, child);
      node = child;
    }
    return node;
  }
}

/** A value that comes whole; a piece without any begins a text. */
function plainValue(piece: JsonObject): Json {
  const number = numberOf(piece['numberValue']);
  if (number !== undefined) return number;
  if (typeof piece['boolValue'] === 'boolean') return piece['boolValue'];
  return piece['nullValue'] === undefined ? '' : null;
}

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Steps of a path such as `$.a.b[0]['c d']`; null for one that is none. */
function stepsOf(path: string): (string | number)[] | null {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  if (!path.startsWith('$')) return null;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match || steps.length === MAX_DEPTH) return null;
    const [, name, index, ...quoted] = match;
    if (index !== undefined && Number(index) > MAX_INDEX) return null;
    steps.push(index === undefined ? (name ?? unescaped(quoted[0] ?? quoted[1] ?? '')) : Number(index));
  }
  return steps;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}

/** A node with numbers for keys is an array, whose gaps are null. */
function plain(value: Node | Json | undefined): Json {
  if (!(value instanceof Map)) return value ?? null;
  const keys = [...value.keys()];
  if (keys.length > 0 && keys.every((key) => typeof key === 'number')) {
    return Array.from({ length: Math.max(...keys) + 1 }, (_, index) => plain(value.get(index)));
  }
  return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
}
