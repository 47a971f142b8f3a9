import { parseSse } from '@penstock/testing';
import type { Cell } from './cell.ts';
import type { Answer, Json, Question } from './conversation.ts';

interface Recorded {
  readonly caller: string;
  readonly upstream: string;
  readonly stream: boolean;
  readonly wire: Promise<string>;
}

/** Types by path, such as `choices[].message.content`; of an event's fields behind the event's type. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** What the answers of a run look like, field by field: clients of typed languages fail where a required field is missing. */
export class AnswerShapes {
  readonly #recorded: Recorded[] = [];

  add({ caller, upstream }: Cell, { stream }: Question, { wire }: Answer): void {
    this.#recorded.push({ caller: caller.name, upstream: upstream.name, stream, wire });
  }

  /** The fields of all answers to a caller, from the upstreams that are wanted. */
  async of(caller: string, stream: boolean, isWanted: (upstream: string) => boolean): Promise<Shape> {
    const shape = new Map<string, Set<string>>();
    for (const one of this.#recorded) {
      if (one.caller !== caller || one.stream !== stream || !isWanted(one.upstream)) continue;
      for (const document of documentsOf(await one.wire, stream)) {
        addShape(shape, rootOf(document), document);
      }
    }
    return shape;
  }
}

function documentsOf(wire: string, stream: boolean): readonly Json[] {
  if (!stream) return [JSON.parse(wire) as Json];
  return parseSse(wire).flatMap(({ data }) => (data === '[DONE]' ? [] : [JSON.parse(data) as Json]));
}

function rootOf(document: Json): string {
  return typeof document === 'object' && document !== null && 'type' in document ? String(document.type) : '';
}

/** Fields of tools' arguments and schemas are the caller's own. */
const OPAQUE = /\.(input|args|parameters|schema)$/;

function addShape(shape: Map<string, Set<string>>, path: string, value: Json): void {
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const types = shape.get(path) ?? new Set();
  types.add(type);
  shape.set(path, types);
  if (OPAQUE.test(path)) return;
  if (Array.isArray(value)) for (const one of value as readonly Json[]) addShape(shape, `${path}[]${kindOf(one)}`, one);
  else if (type === 'object')
    for (const [name, inner] of Object.entries(value as object)) addShape(shape, `${path}.${name}`, inner as Json);
}

/** Parts and items differ by their type. */
function kindOf(value: Json): string {
  const kind = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return typeof kind === 'string' ? `<${kind}>` : '';
}
