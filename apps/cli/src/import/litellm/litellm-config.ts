import { z } from 'zod';

const Text = z.union([z.string(), z.number()]).transform(String);
/** What stands there without a value is as good as left out. */
const OptionalText = Text.nullish().transform((text) => text ?? undefined);
const Amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);
const Price = Amount.nullish().transform((price) => price ?? undefined);

const prices = {
  input_cost_per_token: Price,
  output_cost_per_token: Price,
  cache_read_input_token_cost: Price,
  cache_creation_input_token_cost: Price,
};

/** What a deployment says; what is not named here is told as not converted. */
export const LitellmParams = z.looseObject({
  model: z.string().min(1),
  api_base: OptionalText.optional(),
  base_url: OptionalText.optional(),
  api_key: OptionalText.optional(),
  api_version: OptionalText.optional(),
  rpm: Amount.nullish(),
  tpm: Amount.nullish(),
  max_parallel_requests: Amount.nullish(),
  weight: Amount.nullish(),
  order: Amount.nullish(),
  ...prices,
});

export const LitellmDeployment = z.looseObject({
  model_name: z.string().min(1),
  litellm_params: LitellmParams,
  model_info: z.looseObject(prices).nullish(),
  rpm: Amount.nullish(),
  tpm: Amount.nullish(),
});
export type LitellmDeployment = z.infer<typeof LitellmDeployment>;

const Fallbacks = z.array(z.record(z.string(), z.array(z.string()))).nullish();
const Settings = z.looseObject({
  fallbacks: Fallbacks,
  default_fallbacks: z.array(z.string()).nullish(),
  model_group_alias: z
    .record(z.string(), z.union([z.string(), z.looseObject({ model: z.string() }).transform(({ model }) => model)]))
    .nullish(),
});

/** A proxy's `config.yaml`, as far as it can be converted. */
export const LitellmConfig = z.looseObject({
  model_list: z.array(LitellmDeployment).max(5_000).nullish(),
  router_settings: Settings.nullish(),
  litellm_settings: Settings.nullish(),
  general_settings: z.looseObject({}).nullish(),
  environment_variables: z.record(z.string(), Text).nullish(),
});
export type LitellmConfig = z.infer<typeof LitellmConfig>;
