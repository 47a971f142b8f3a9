/** Any JSON value. Numbers whose text JavaScript would change are kept as `RawJson` by `parseFaithfully`. */
export type Json = null | boolean | number | string | RawJson | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** A number kept as its source text (`JSON.rawJSON`), such as an integer beyond 2^53; `JSON.stringify` writes it unchanged. */
export interface RawJson {
  readonly rawJSON: string;
}
