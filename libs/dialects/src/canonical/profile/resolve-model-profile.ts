import type { Dialect, ModelProfile, ModelProfileOverrides } from '@penstock/contracts';
import { defaultProfile } from './default-profiles.ts';

/**
 * The dialect's defaults with overrides laid over them, the last one on top. `parameters` are merged key by key, every
 * other field is replaced as a whole; a field that is `undefined` overrides nothing.
 */
export function resolveModelProfile(dialect: Dialect, ...overrides: readonly ModelProfileOverrides[]): ModelProfile {
  return overrides.reduce<ModelProfile>((profile, { parameters = {}, ...fields }) => {
    const merged = { ...profile.parameters, ...definedFieldsOf(parameters) };
    return { ...profile, ...definedFieldsOf(fields), parameters: merged };
  }, defaultProfile(dialect));
}

/** Fields with a value, as the compiler's exact optional properties promise them. */
type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function definedFieldsOf<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
