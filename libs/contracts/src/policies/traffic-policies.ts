import { z } from 'zod';
import { definePolicy } from './policy-definition.ts';

const HeaderName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[A-Za-z0-9-_]+$/, "must consist of letters, digits, '-' and '_'");

const HeaderValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII');

const atLeastOne = { error: 'at least one of requestHeaders or responseHeaders must be specified' };
const NEWER = 'Newer documents write it so.';

const SetList = z
  .array(z.strictObject({ name: HeaderName, value: HeaderValue }))
  .min(1)
  .max(50);

export const SetHeaders = definePolicy({
  name: 'set-headers',
  title: 'Set headers',
  description:
    'Sets headers of the request to the upstream and of the answer to the caller, in place of what stands there.',
  category: 'traffic',
  params: z
    .strictObject({
      requestHeaders: SetList.optional(),
      responseHeaders: SetList.optional(),
      request: z.strictObject({ headers: SetList }).optional().describe(NEWER),
      response: z.strictObject({ headers: SetList }).optional().describe(NEWER),
      mode: z.literal('set', { error: "must be 'set': headers are set in place of what stands there" }).optional(),
    })
    .refine(namesAny, atLeastOne),
});

const RemoveList = z
  .array(z.strictObject({ name: HeaderName }))
  .min(1)
  .max(50);

export const RemoveHeaders = definePolicy({
  name: 'remove-headers',
  title: 'Remove headers',
  description: 'Takes headers off the request to the upstream and off the answer to the caller.',
  category: 'traffic',
  params: z
    .strictObject({
      requestHeaders: RemoveList.optional(),
      responseHeaders: RemoveList.optional(),
      request: z.strictObject({ headers: RemoveList }).optional().describe(NEWER),
      response: z.strictObject({ headers: RemoveList }).optional().describe(NEWER),
    })
    .refine(namesAny, atLeastOne),
});

function namesAny({ requestHeaders, responseHeaders, request, response }: HeaderLists): boolean {
  return [requestHeaders, responseHeaders, request, response].some((list) => list !== undefined);
}

interface HeaderLists {
  readonly requestHeaders?: unknown;
  readonly responseHeaders?: unknown;
  readonly request?: unknown;
  readonly response?: unknown;
}

/** What is logged of a request or of an answer. */
const LoggedSide = z.strictObject({
  payload: z.boolean().default(false),
  headers: z.boolean().default(false),
  excludeHeaders: z.array(z.string().min(1).max(256)).max(100).default([]),
});

export const LogMessage = definePolicy({
  name: 'log-message',
  title: 'Log',
  description:
    'Writes a line for each request, with headers and bodies where that is asked for; credentials are always masked.',
  category: 'traffic',
  params: z.strictObject({
    logRequestPayload: z.boolean().default(false),
    logRequestHeaders: z.boolean().default(false),
    excludedRequestHeaders: z.string().max(2048).optional().describe('Names, separated by commas.'),
    logResponsePayload: z.boolean().default(false),
    logResponseHeaders: z.boolean().default(false),
    excludedResponseHeaders: z.string().max(2048).optional().describe('Names, separated by commas.'),
    request: LoggedSide.optional().describe(NEWER),
    response: LoggedSide.optional().describe(NEWER),
  }),
});

export const trafficPolicies = [SetHeaders, RemoveHeaders, LogMessage] as const;
