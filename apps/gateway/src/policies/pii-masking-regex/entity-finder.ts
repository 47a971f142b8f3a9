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
    const spans = this.#entities.flatMap((entity) => spansOf(entity, text));
    return merged(spans.toSorted((one, other) => one.start - other.start));
  }
}

function spansOf({ name, pattern, hint, accepts }: Entity, text: string): readonly Span[] {
  return pieces(text, hint).flatMap(({ piece, offset }) =>
    pattern.matches(piece).flatMap((match): readonly Span[] => {
      const [start, end] = [offset + match.start, offset + match.end];
      const around = {
        text: match.text,
        before: text.slice(Math.max(0, start - 2), start),
        after: text.slice(end, end + 2),
      };
      return accepts?.(around) === false ? [] : [{ name, start, end }];
    }),
  );
}

/** The lines with the hint, and where they begin; without a hint the whole text. */
function pieces(
  text: string,
  hint: RegExp | undefined,
): readonly { readonly piece: string; readonly offset: number }[] {
  if (!hint) return [{ piece: text, offset: 0 }];
  if (!hint.test(text)) return [];
  let offset = 0;
  return text.split('\n').flatMap((piece) => {
    const own = { piece, offset };
    offset += piece.length + 1;
    return hint.test(piece) ? [own] : [];
  });
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
