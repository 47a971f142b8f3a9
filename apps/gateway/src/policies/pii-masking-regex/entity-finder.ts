import type { Entity } from './entities.ts';

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Finds personal data in a text. */
export class EntityFinder {
  readonly #entities: readonly Entity[];

  constructor(entities: readonly Entity[]) {
    this.#entities = entities;
  }

  /** The text with everything that was found replaced. Where finds overlap, all that they cover is one. */
  replace(text: string, replacement: (name: string, value: string) => string): string {
    let result = '';
    let done = 0;
    for (const { name, start, end } of this.#find(text)) {
      result += text.slice(done, start) + replacement(name, text.slice(start, end));
      done = end;
    }
    return done === 0 ? text : result + text.slice(done);
  }

  #find(text: string): readonly Span[] {
    const spans = this.#entities.flatMap(({ name, pattern, accepts }) =>
      pattern
        .matches(text)
        .filter(({ start, end, text: found }) => {
          const around = { text: found, before: text.slice(Math.max(0, start - 2), start), after: text.slice(end, end + 2) };
          return accepts?.(around) ?? true;
        })
        .map(({ start, end }): Span => ({ name, start, end })),
    );
    return merged(spans.toSorted((one, other) => one.start - other.start));
  }
}

function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (!last || span.start >= last.end) result.push(span);
    else if (span.end > last.end) result[result.length - 1] = { ...last, end: span.end };
  }
  return result;
}
