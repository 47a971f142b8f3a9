import { isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { PathStep } from './field-path.ts';

/** One document of a file, which knows on which line each of its fields stands. */
export class SourceDocument {
  readonly file: string;
  readonly value: unknown;
  readonly #node: Node | null;
  readonly #lines: LineCounter;

  constructor(file: string, value: unknown, node: Node | null, lines: LineCounter) {
    this.file = file;
    this.value = value;
    this.#node = node;
    this.#lines = lines;
  }

  get kind(): string {
    return textOf(memberOf(this.value, 'kind'));
  }

  get name(): string {
    return textOf(memberOf(memberOf(this.value, 'metadata'), 'name'));
  }

  /** `LlmProxy shop`, as far as it says so. */
  get title(): string {
    return [this.kind || 'document', this.name].filter(Boolean).join(' ');
  }

  /** `file:line` of a field, or of what is nearest around it. */
  locate(path: readonly PathStep[]): string {
    return `${this.file}:${this.#lines.linePos(offsetOf(this.#node, path)).line}`;
  }
}

function offsetOf(root: Node | null, path: readonly PathStep[]): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const step of path) {
    const [found, value] = stepInto(node, step);
    if (!found) break;
    offset = found.range?.[0] ?? offset;
    node = value;
  }
  return offset;
}

/** What stands there in the text, and what it leads to. */
function stepInto(node: unknown, step: PathStep): readonly [Node | undefined, unknown] {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return [item, item];
  }
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) as
    | Pair<Node, unknown>
    | undefined;
  return [pair?.key, pair?.value];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
