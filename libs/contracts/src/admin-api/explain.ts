import { z } from 'zod';
import { Dialect, Operation } from '../dialect.ts';
import { ResourceName } from '../resources/metadata.ts';
import { LimitUnit, LimitWindow, OnExceeded } from '../resources/quota.ts';

/** A request as a caller would send it to a gateway. It is sent nowhere. */
export const ExplainRequest = z
  .strictObject({
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('POST'),
    /** As at the gateway, with the proxy's context: `/shop/v1/chat/completions`. What follows a `?` decides nothing. */
    path: z.string().min(1).max(2_048).startsWith('/'),
    headers: z.record(z.string().max(256), z.string().max(8_192)).default({}),
    /** Where it is left out, a short one that fits the path and asks for `model`. */
    body: z.record(z.string(), z.json()).optional(),
    /** Put into the body in place of its own. */
    model: z.string().min(1).max(255).optional(),
    /** Name of the virtual key that the caller shows; without one, what holds for a key that may use everything. */
    virtualKey: ResourceName.optional(),
    /** Address of the caller, for keys with an IP list. */
    address: z.union([z.ipv4(), z.ipv6()]).optional(),
  })
  .meta({ id: 'ExplainRequest' });
export type ExplainRequest = z.infer<typeof ExplainRequest>;

/** An error as the caller would get it. */
export const ExplainedError = z
  .object({ code: z.string(), status: z.int(), message: z.string() })
  .meta({ id: 'ExplainedError' });
export type ExplainedError = z.infer<typeof ExplainedError>;

export const ExplainedProxy = z
  .object({
    name: z.string(),
    context: z.string(),
    why: z.string(),
    /** Other proxies whose context is the beginning of the path too. */
    alsoMatching: z.array(z.object({ name: z.string(), context: z.string() })),
  })
  .meta({ id: 'ExplainedProxy' });
export type ExplainedProxy = z.infer<typeof ExplainedProxy>;

export const ExplainedOperation = z
  .object({
    /** Null: answered by the gateway itself, from its config and its counters. */
    operation: Operation.nullable(),
    dialect: Dialect.nullable(),
    /** The path as policies and metrics know it: without the context. */
    path: z.string(),
  })
  .meta({ id: 'ExplainedOperation' });
export type ExplainedOperation = z.infer<typeof ExplainedOperation>;

export const ExplainedAuthentication = z
  .object({
    /** False: the proxy is open to everybody. */
    required: z.boolean(),
    virtualKey: z.string().nullable(),
    team: z.string().nullable(),
    /** Null: no key was named. */
    usable: z.boolean().nullable(),
    /** Why it is not usable, in the words of the config, for each reason that there is. */
    reasons: z.array(z.string()),
  })
  .meta({ id: 'ExplainedAuthentication' });
export type ExplainedAuthentication = z.infer<typeof ExplainedAuthentication>;

export const ExplainedPolicy = z
  .object({
    name: z.string(),
    category: z.string(),
    /** `global`, or the path of the policy that holds for this request; null when none of its paths does. */
    where: z.string().nullable(),
    condition: z.string().nullable(),
    /** `depends`: on what only the request's way through a gateway tells. */
    runs: z.enum(['yes', 'no', 'depends']),
    why: z.string(),
  })
  .meta({ id: 'ExplainedPolicy' });
export type ExplainedPolicy = z.infer<typeof ExplainedPolicy>;

export const ExplainedModel = z
  .object({
    /** Null: the body names none. */
    asked: z.string().nullable(),
    rule: z.enum(['policy', 'named-provider', 'virtual-model', 'prefix', 'listed', 'primary', 'none']),
    why: z.string(),
  })
  .meta({ id: 'ExplainedModel' });
export type ExplainedModel = z.infer<typeof ExplainedModel>;

export const ExplainedTarget = z
  .object({
    provider: z.string(),
    /** What the proxy calls the provider. */
    alias: z.string(),
    model: z.string(),
    upstreamModel: z.string().nullable(),
    weight: z.int(),
    priority: z.int(),
    /** Part of the requests that try this target first among those of its priority, from 0 to 1; null when it is left out. */
    share: z.number().nullable(),
    /** In which the vendor is asked; null when it is left out. */
    dialect: Dialect.nullable(),
    /** Whether the body is written anew for the vendor, or passes through. */
    translated: z.boolean().nullable(),
    /** Null: it is used. */
    leftOut: z.string().nullable(),
    price: z
      .object({
        version: z.string(),
        source: z.enum(['ModelPrice', 'catalog']),
        /** Micro-USD for a million tokens. */
        inputPerMillion: z.number(),
        outputPerMillion: z.number(),
      })
      .nullable(),
  })
  .meta({ id: 'ExplainedTarget' });
export type ExplainedTarget = z.infer<typeof ExplainedTarget>;

export const ExplainedLimit = z
  .object({
    /** Such as `VirtualKey app`. */
    subject: z.string(),
    quota: z.string(),
    unit: LimitUnit,
    window: LimitWindow.nullable(),
    max: z.int(),
    mode: z.enum(['enforce', 'shadow']),
    estimate: z.enum(['hard', 'soft']),
    onExceeded: OnExceeded,
    /** What this request takes from it before it runs, in the limit's unit. */
    charge: z.int(),
    /** Null: Redis does not answer. */
    live: z.object({ used: z.int(), remaining: z.int(), resetsAt: z.iso.datetime().nullable() }).nullable(),
    /** Whether the charge fits into what is left; into an unused limit where that is not known. */
    fits: z.boolean(),
  })
  .meta({ id: 'ExplainedLimit' });
export type ExplainedLimit = z.infer<typeof ExplainedLimit>;

/** What a request will use, before it has run. */
const Estimate = z.object({
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Null: the price is unknown. */
  costMicroUsd: z.int().nullable(),
});

export const ExplainedHold = z
  .object({
    /** What soft limits hold. */
    probable: Estimate,
    /** What hard limits hold: the most that the request can use at any of its targets. */
    most: Estimate,
  })
  .meta({ id: 'ExplainedHold' });
export type ExplainedHold = z.infer<typeof ExplainedHold>;

export const ExplainedVerdict = z
  .object({
    admitted: z.boolean(),
    /** Null when it is admitted. */
    error: ExplainedError.nullable(),
    /** What else there is to know, such as what the verdict takes for granted. */
    notes: z.array(z.string()),
  })
  .meta({ id: 'ExplainedVerdict' });
export type ExplainedVerdict = z.infer<typeof ExplainedVerdict>;

/** What gateways would do with a request under the config as it would be published now. What comes after a part that is null cannot be told. */
export const ExplainResult = z
  .object({
    proxy: ExplainedProxy.nullable(),
    operation: ExplainedOperation.nullable(),
    authentication: ExplainedAuthentication.nullable(),
    policies: z.array(ExplainedPolicy),
    model: ExplainedModel.nullable(),
    /** In the order in which they are tried; of one priority the heaviest first. */
    targets: z.array(ExplainedTarget),
    limits: z.array(ExplainedLimit),
    hold: ExplainedHold.nullable(),
    verdict: ExplainedVerdict,
  })
  .meta({ id: 'ExplainResult' });
export type ExplainResult = z.infer<typeof ExplainResult>;
