import { parseSse } from '@penstock/testing';
import type { Cell } from './cell.ts';
import type { Answer, Json, Question } from './conversation.ts';

interface Recorded {
  readonly cell: Cell;
  readonly stream: boolean;
  readonly wire: Promise<string>;
}

/** Types by path, such as `.choices[].message.content`; what stands in an event begins with the event's type. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** What the answers of a run look like on the wire, field by field. */
export class AnswerShapes {
  readonly #recorded: Recorded[] = [];

  add(cell: Cell, { stream }: Question, { wire }: Answer): void {
    this.#recorded.push({ cell, stream, wire });
  }

  /** The fields of all answers that are wanted, streamed or not. */
  async of(stream: boolean, isWanted: (cell: Cell) => boolean): Promise<Shape> {
    const shape = new Map<string, Set<string>>();
    for (const one of this.#recorded) {
      if (one.stream !== stream || !isWanted(one.cell)) continue;
      for (const document of documentsOf(await one.wire, stream)) addShape(shape, typeOf(document) ?? '', document);
    }
    return shape;
  }
}

function documentsOf(wire: string, stream: boolean): readonly Json[] {
  if (!stream) return [JSON.parse(wire) as Json];
  return parseSse(wire).flatMap(({ data }) => (data === '[DONE]' ? [] : [JSON.parse(data) as Json]));
}

/** What stands in these is the caller's own. */
const OPAQUE = /\.(input|args|parameters|schema)$/;

function addShape(shape: Map<string, Set<string>>, path: string, value: Json): void {
  const types = shape.get(path) ?? new Set();
  shape.set(path, types.add(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value));
  if (typeof value !== 'object' || value === null || OPAQUE.test(path)) return;
  if (Array.isArray(value))
    for (const one of value as readonly Json[]) addShape(shape, `${path}[${typeOf(one) ?? ''}]`, one);
  else for (const [name, inner] of Object.entries(value as object)) addShape(shape, `${path}.${name}`, inner as Json);
}

/** Events, items and parts differ by their type. */
function typeOf(value: Json): string | undefined {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return typeof type === 'string' ? type : undefined;
}
