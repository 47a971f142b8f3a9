import type { IncomingHttpHeaders } from 'node:http';
import {
  extractionFor,
  isUsualPlace,
  type MappedExtraction,
  type SnapshotProvider,
  TOKEN_FIELDS,
  type TokenField,
} from '@penstock/contracts';
import type { JsonObject } from '@penstock/dialects';
import { JsonPath } from '@penstock/policies';

/** A count in an answer. */
type Place = { readonly field: TokenField } & (
  | { readonly header: string; readonly path?: undefined }
  | { readonly path: JsonPath; readonly header?: undefined }
);

const MAX_TOKENS = 1_000_000_000_000;

/** Where the answers to one path count their tokens, beside where their dialect has them. */
export class TokenPlaces {
  readonly #places: readonly Place[];

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  inHeaders(headers: IncomingHttpHeaders): TokenCounts {
    return this.#counts(({ header }) => (header === undefined ? undefined : headers[header]));
  }

  inDocument(document: JsonObject): TokenCounts {
    return this.#counts(({ path }) => path?.places(document).at(-1)?.value);
  }

  #counts(valueAt: (place: Place) => unknown): TokenCounts {
    return Object.fromEntries(
      this.#places.flatMap((place) => {
        const count = countIn(valueAt(place));
        return count === null ? [] : [[place.field, count]];
      }),
    );
  }
}

/** The counts that were found. */
export type TokenCounts = Readonly<Partial<Record<TokenField, number>>>;

/** What the template of a provider says of its tokens; compiled once per snapshot. */
export class TokenExtraction {
  readonly #extraction: MappedExtraction;
  readonly #dialect: SnapshotProvider['dialect'];
  readonly #paths = new Map<string, JsonPath>();

  constructor(extraction: MappedExtraction, dialect: SnapshotProvider['dialect']) {
    this.#extraction = extraction;
    this.#dialect = dialect;
    for (const place of [extraction, ...(extraction.resourceMappings?.resources ?? [])]) {
      for (const field of TOKEN_FIELDS) {
        const at = place[field];
        if (at?.location === 'payload') this.#paths.set(at.identifier, new JsonPath(at.identifier));
      }
    }
  }

  /** For a path below the provider's URL, such as `/chat/completions`; null: the dialect says it all. */
  of(path: string): TokenPlaces | null {
    const extraction = extractionFor(this.#extraction, path);
    const places = TOKEN_FIELDS.flatMap((field): Place[] => {
      const at = extraction[field];
      if (!at || isUsualPlace(this.#dialect, path, field, at)) return [];
      if (at.location === 'header') return [{ field, header: at.identifier.toLowerCase() }];
      const jsonPath = at.location === 'payload' ? this.#paths.get(at.identifier) : undefined;
      return jsonPath ? [{ field, path: jsonPath }] : [];
    });
    return places.length === 0 ? null : new TokenPlaces(places);
  }
}

function countIn(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d{1,13}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= MAX_TOKENS ? count : null;
}
