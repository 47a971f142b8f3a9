import { z } from 'zod';

/** The path under which a proxy or a provider is reached, `/` for the root. */
export const ProxyContext = z
  .string()
  .max(200)
  .regex(/^\/([a-zA-Z0-9_\-/]*[^/])?$/, "must start with '/' and not end with it")
  .regex(/^[a-zA-Z0-9_\-/]*$/, "must consist of letters, digits, '_', '-' and '/'")
  .refine((context) => !context.includes('//'), { error: 'must not contain an empty segment' })
  .refine((context) => !/^\/(v1|v1beta|health|ready|metrics|api|_gateway-health)(\/|$)/.test(context), {
    error: 'is reserved for the gateway itself',
  });

/** The host under which a proxy or a provider is reached and no other; `*.example.com` for all hosts below one. */
export const VirtualHost = z
  .string()
  .max(253)
  .regex(
    /^(\*\.)?[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/,
    "must be a host name, which may begin with '*.'",
  )
  .toLowerCase();
