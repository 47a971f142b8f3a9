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

export const SetHeaders = definePolicy({
  name: 'set-headers',
  title: 'Set headers',
  description:
    'Sets headers of the request to the upstream and of the answer to the caller, in place of what stands there.',
  category: 'traffic',
  params: z
    .strictObject({
      requestHeaders: z
        .array(z.strictObject({ name: HeaderName, value: HeaderValue }))
        .min(1)
        .max(50)
        .optional(),
      responseHeaders: z
        .array(z.strictObject({ name: HeaderName, value: HeaderValue }))
        .min(1)
        .max(50)
        .optional(),
    })
    .refine(({ requestHeaders, responseHeaders }) => requestHeaders ?? responseHeaders, atLeastOne),
});

export const RemoveHeaders = definePolicy({
  name: 'remove-headers',
  title: 'Remove headers',
  description: 'Takes headers off the request to the upstream and off the answer to the caller.',
  category: 'traffic',
  params: z
    .strictObject({
      requestHeaders: z
        .array(z.strictObject({ name: HeaderName }))
        .min(1)
        .max(50)
        .optional(),
      responseHeaders: z
        .array(z.strictObject({ name: HeaderName }))
        .min(1)
        .max(50)
        .optional(),
    })
    .refine(({ requestHeaders, responseHeaders }) => requestHeaders ?? responseHeaders, atLeastOne),
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
  }),
});

export const trafficPolicies = [SetHeaders, RemoveHeaders, LogMessage] as const;
