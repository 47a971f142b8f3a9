import { z } from 'zod';
import { definePolicy } from './policy-definition.ts';

/** A provider of the proxy: its id, or what the proxy calls it. Forms suggest those that there are. */
const ProviderName = z.string().min(1).max(253).meta({ 'x-suggestions': 'providers' });
const ModelName = z.string().min(1).max(255);
const SuspendDuration = z
  .int()
  .min(0)
  .max(86_400)
  .default(30)
  .describe('Seconds for which a model that failed (5xx or 429) is left out; 0: not at all.');

export const LlmHeaderRouter = definePolicy({
  name: 'llm-header-router',
  aliases: ['openai-header-router'],
  title: 'Provider by header',
  description: 'Chooses the provider by the value of a request header.',
  category: 'routing',
  proxyOnly: true,
  params: z
    .strictObject({
      headerName: z.string().min(1).max(128).default('x-provider'),
      defaultProvider: ProviderName.optional().describe(
        'Where the header is absent or unknown; the primary where this is left out.',
      ),
      mappings: z
        .array(z.strictObject({ headerValue: z.string().trim().min(1).max(256), provider: ProviderName }))
        .min(1, 'must contain at least one entry')
        .max(200),
    })
    .superRefine(({ mappings }, context) => {
      const seen = new Set<string>();
      for (const [index, { headerValue }] of mappings.entries()) {
        const value = headerValue.toLowerCase();
        if (seen.has(value)) {
          const message = `duplicate headerValue '${headerValue}'`;
          context.addIssue({ code: 'custom', path: ['mappings', index, 'headerValue'], message });
        }
        seen.add(value);
      }
    }),
  providersIn: ({ defaultProvider, mappings }) => [
    ...(defaultProvider === undefined ? [] : [{ path: ['defaultProvider'], name: defaultProvider }]),
    ...mappings.map(({ provider }, index) => ({ path: ['mappings', index, 'provider'], name: provider })),
  ],
});

export const ModelRouter = definePolicy({
  name: 'model-router',
  title: 'Provider by model',
  description:
    'Chooses provider and model by the name of the model that is asked for. The first rule that matches holds.',
  category: 'routing',
  proxyOnly: true,
  params: z.strictObject({
    rules: z
      .array(
        z.strictObject({
          match: z.string().min(1).max(255).describe('A model name; `*` stands for any text.'),
          provider: ProviderName,
          model: ModelName.optional().describe('The model there; the name that was asked for where it is left out.'),
        }),
      )
      .min(1)
      .max(200),
  }),
  providersIn: ({ rules }) =>
    rules.map(({ provider }, index) => ({ path: ['rules', index, 'provider'], name: provider })),
});

const RoundRobinModel = z.strictObject({ model: ModelName, provider: ProviderName.optional() });

export const ModelRoundRobin = definePolicy({
  name: 'model-round-robin',
  title: 'Round robin',
  description: 'Takes the models in turn. One that fails is left out for a while.',
  category: 'routing',
  proxyOnly: true,
  params: z.strictObject({ models: z.array(RoundRobinModel).min(1).max(100), suspendDuration: SuspendDuration }),
  providersIn: ({ models }) => providersOf(models),
});

export const ModelWeightedRoundRobin = definePolicy({
  name: 'model-weighted-round-robin',
  title: 'Weighted round robin',
  description: 'Takes the models in turn, each as often as its weight says. One that fails is left out for a while.',
  category: 'routing',
  proxyOnly: true,
  params: z.strictObject({
    models: z
      .array(RoundRobinModel.extend({ weight: z.int().min(1).max(1_000) }))
      .min(1)
      .max(100),
    suspendDuration: SuspendDuration,
  }),
  providersIn: ({ models }) => providersOf(models),
});

function providersOf(models: readonly z.infer<typeof RoundRobinModel>[]) {
  return models.flatMap(({ provider }, index) =>
    provider === undefined ? [] : [{ path: ['models', index, 'provider'], name: provider }],
  );
}

const LoadModels = z
  .array(RoundRobinModel)
  .min(1)
  .max(100)
  .optional()
  .describe('Among these; the targets that are chosen already where it is left out.');

export const LeastBusy = definePolicy({
  name: 'least-busy',
  title: 'Least busy',
  description: 'Asks the target that has the fewest requests in flight. One that fails is left out for a while.',
  category: 'routing',
  proxyOnly: true,
  params: z.strictObject({ models: LoadModels, suspendDuration: SuspendDuration }),
  providersIn: ({ models = [] }) => providersOf(models),
});

export const LowestLatency = definePolicy({
  name: 'lowest-latency',
  title: 'Lowest latency',
  description: 'Asks the target that will probably answer first. One that fails is left out for a while.',
  category: 'routing',
  proxyOnly: true,
  params: z.strictObject({
    models: LoadModels,
    exploration: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.05)
      .describe('Share of the requests that go to any of the targets, so that what has become faster is found.'),
    suspendDuration: SuspendDuration,
  }),
  providersIn: ({ models = [] }) => providersOf(models),
});

export const Fallback = definePolicy({
  name: 'fallback',
  title: 'Fallback',
  description: 'Tries other targets, in order, when the first fails before the first byte of an answer.',
  category: 'routing',
  proxyOnly: true,
  params: z.strictObject({
    targets: z
      .array(z.strictObject({ provider: ProviderName, model: ModelName.optional() }))
      .min(1)
      .max(10),
    on: z
      .array(z.enum(['server-error', 'rate-limit', 'timeout', 'unreachable', 'authentication', 'context-length']))
      .min(1)
      .default(['server-error', 'rate-limit', 'timeout', 'unreachable']),
  }),
  providersIn: ({ targets }) =>
    targets.map(({ provider }, index) => ({ path: ['targets', index, 'provider'], name: provider })),
});

export const SessionAffinity = definePolicy({
  name: 'session-affinity',
  title: 'Session affinity',
  description: 'Sends the requests of one session to the same target, so that its prompt cache is used.',
  category: 'routing',
  proxyOnly: true,
  params: z.strictObject({
    sources: z
      .array(z.enum(['claude-code', 'codex', 'prompt-cache-key', 'header', 'user']))
      .min(1)
      .default(['claude-code', 'codex', 'prompt-cache-key'])
      .describe('Where the session is named; the first that is there holds.'),
    headerName: z.string().min(1).max(128).default('x-session-id'),
  }),
});

export const routingPolicies = [
  LlmHeaderRouter,
  ModelRouter,
  ModelRoundRobin,
  ModelWeightedRoundRobin,
  LeastBusy,
  LowestLatency,
  Fallback,
  SessionAffinity,
] as const;
