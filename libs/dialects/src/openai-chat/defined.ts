/** The fields of `T`, where each optional one may also be given as undefined. */
type Loose<T> = { readonly [Key in keyof T]: object extends Pick<T, Key> ? T[Key] | undefined : T[Key] };

/** A copy without the members that are undefined, so that an absent field is absent on the wire and to `exactOptionalPropertyTypes`. */
export function defined<T extends object>(fields: Loose<T>): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
