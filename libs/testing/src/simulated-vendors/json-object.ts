import { z } from 'zod';
import type { Json } from './turn/sample-from-schema.ts';

export type JsonObject = { readonly [name: string]: Json };

/** An object with members of any kind, such as a JSON schema or the arguments of a tool. */
export const JsonObject = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;
