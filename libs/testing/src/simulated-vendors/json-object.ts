import { z } from 'zod';
import type { Json } from './turn/sample-from-schema.ts';

export type JsonObject = { readonly [name: string]: Json };

/** An object with members of any kind, such as a JSON schema or the arguments of a tool. */
export const JsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected an object',
);
