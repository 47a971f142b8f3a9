/** What a segment has to be: texts with something that is not empty between them. One text: exactly this. */
type Segment = readonly string[];

const PARAMETER = /\{[^{}/]*\}/g;

/**
 * A path as documents write it: `/chat/completions`, `/models/{id}`, `/v1beta/models/{model}:generateContent`, `/chat/*`. A parameter
 * stands for a part of one segment that is not empty; a `*` at the end for everything that follows, and for nothing. It is compared
 * segment by segment and piece by piece, in linear time, and percent-decoded: `%3A` in a path is the `:` of a document.
 */
export class PathTemplate {
  readonly text: string;
  readonly isWildcard: boolean;
  readonly hasParameters: boolean;
  readonly #segments: readonly Segment[];

  constructor(text: string) {
    this.text = text;
    this.isWildcard = text.endsWith('*');
    this.hasParameters = text.search(PARAMETER) >= 0;
    const segments = (this.isWildcard ? text.slice(0, -1) : text).split('/');
    this.#segments = segments.map((segment) => segment.split(PARAMETER).map(decoded));
  }

  matches(path: string): boolean {
    const segments = path.split('/').map(decoded);
    if (!this.isWildcard) return segments.length === this.#segments.length && this.#matchAll(segments);
    if (segments.length < this.#segments.length) {
      // `/chat/*` stands for `/chat` as well.
      return (
        this.#segments.length === segments.length + 1 && isEmpty(this.#segments.at(-1)) && this.#matchAll(segments)
      );
    }
    const last = this.#segments.length - 1;
    return this.#matchAll(segments.slice(0, last)) && begins(this.#segments[last], segments[last] ?? '');
  }

  /** The segments that are given are what stands at the beginning of the template. */
  #matchAll(segments: readonly string[]): boolean {
    return segments.every((segment, index) => isSegment(this.#segments[index], segment));
  }
}

/** A segment as it is meant: vendors are asked for models with everything encoded. */
function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not encoded at all: it is compared as it stands.
    return segment;
  }
}

function isEmpty(segment: Segment | undefined): boolean {
  return segment?.length === 1 && segment[0] === '';
}

function isSegment(pieces: Segment | undefined, text: string): boolean {
  if (!pieces) return false;
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text === first;
  const end = endOf([first, ...rest], text);
  return end !== null && text.length - last.length > end && text.endsWith(last);
}

/** Whether the pieces stand at the beginning of a text: what follows is anything. */
function begins(pieces: Segment | undefined, text: string): boolean {
  if (!pieces) return false;
  const end = endOf(pieces, text);
  return end !== null;
}

/** Where the pieces end, each as early as can be with something before it; null: they do not stand there. */
function endOf([first = '', ...rest]: Segment, text: string): number | null {
  if (!text.startsWith(first)) return null;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at + 1);
    // An empty piece is found at the end of the text even where nothing stands before it.
    if (found <= at) return null;
    at = found + piece.length;
  }
  return at;
}
