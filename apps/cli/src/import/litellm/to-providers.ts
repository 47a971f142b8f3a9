import { type Conversion, type ConvertedManifest, slug, variableOf } from './conversion.ts';
import type { Account, Deployment } from './deployments.ts';
import type { LitellmDeployment } from './litellm-config.ts';

/** Penstock sends references only to variables with this beginning. */
const VARIABLE_PREFIX = 'PENSTOCK_SECRET_';
const MICRO_USD = 1_000_000;
const MILLION = 1_000_000;

/** A provider for each account, with the quotas and prices of its models. */
export function toProviders(
  deployments: readonly Deployment[],
  conversion: Conversion,
): {
  readonly quotas: ConvertedManifest[];
  readonly providers: ConvertedManifest[];
  readonly prices: ConvertedManifest[];
} {
  const quotas: ConvertedManifest[] = [];
  const prices: ConvertedManifest[] = [];
  const providers = [...Map.groupBy(deployments, ({ account }) => account)].map(([account, ofAccount]) => {
    const takesAny = ofAccount.some(({ model }) => model === undefined);
    const models = [...Map.groupBy(ofAccount, ({ model }) => model)].flatMap(([model, same]) => {
      const [first, ...others] = same;
      if (model === undefined || !first) return [];
      warnOfOthers(first, others, conversion);
      const name = slug(`${account.name}-${model}`);
      const price = priceOf(name, { provider: account.name, model }, first.source);
      if (price) prices.push(price);
      const quota = quotaOf(name, first.source);
      if (!quota) return [{ id: model }];
      if (takesAny) {
        conversion.warn(`model '${first.group}': its limits are not converted, for its provider takes any model.`);
      } else quotas.push(quota);
      return [{ id: model, quotas: [name] }];
    });
    return providerOf(account, takesAny ? undefined : models, conversion);
  });
  return { quotas, providers, prices };
}

function providerOf(
  account: Account,
  models: readonly object[] | undefined,
  conversion: Conversion,
): ConvertedManifest {
  const { name, vendor, url, apiVersion } = account;
  const auth = authOf(account, conversion);
  return {
    kind: 'LlmProvider',
    metadata: { name },
    spec: {
      displayName: name,
      template: vendor.template,
      upstream: { url, ...(apiVersion !== undefined && { apiVersion }), ...(auth && { auth }) },
      ...(models && { models }),
    },
  };
}

function authOf({ name, vendor, key }: Account, conversion: Conversion): object | undefined {
  if (key === undefined || /^(none|null|anything|dummy|sk-none|EMPTY)$/i.test(key)) {
    if (key === undefined)
      conversion.warn(`provider '${name}': the config names no api_key; it is asked without a credential.`);
    return undefined;
  }
  const { header, prefix } = vendor.auth;
  return { type: 'api-key', header, value: `${prefix}${credentialOf(name, key, conversion)}` };
}

/** The credential, or a reference to where it is to be put. */
function credentialOf(provider: string, key: string, conversion: Conversion): string {
  const variable = variableOf(key);
  const { withSecrets, env } = conversion.options;
  const value = variable === undefined ? key : env[variable];
  if (withSecrets && value) return value;
  const name = `${VARIABLE_PREFIX}${(variable ?? provider).toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
  const where = variable === undefined ? 'stands in the config in plain text' : `is in ${variable}`;
  conversion.warn(`provider '${provider}': its credential ${where}; set ${name} to it where the control plane runs.`);
  return `{{ env "${name}" }}`;
}

function warnOfOthers(first: Deployment, others: readonly Deployment[], conversion: Conversion): void {
  const limits = ({ source }: Deployment): string => JSON.stringify(limitsOf(source));
  if (others.some((other) => limits(other) !== limits(first))) {
    conversion.warn(
      `model '${first.model}' of provider '${first.account.name}' has several limits; those of '${first.group}' are taken.`,
    );
  }
}

function quotaOf(name: string, source: LitellmDeployment): ConvertedManifest | undefined {
  const limits = limitsOf(source);
  return limits.length === 0 ? undefined : { kind: 'Quota', metadata: { name }, spec: { limits } };
}

function limitsOf({ rpm, tpm, litellm_params: params }: LitellmDeployment): object[] {
  const wanted = [
    { unit: 'requests', window: 'minute', max: params.rpm ?? rpm },
    { unit: 'tokens', window: 'minute', max: params.tpm ?? tpm },
    { unit: 'concurrency', max: params.max_parallel_requests },
  ];
  return wanted.flatMap((limit) => (limit.max ? [{ ...limit, max: Math.max(1, Math.round(limit.max)) }] : []));
}

function priceOf(name: string, of: { readonly provider: string; readonly model: string }, source: LitellmDeployment) {
  const told = { ...source.model_info, ...source.litellm_params };
  const input = told.input_cost_per_token;
  const output = told.output_cost_per_token;
  if (input === undefined || output === undefined) return undefined;
  const cached = told.cache_read_input_token_cost;
  const written = told.cache_creation_input_token_cost;
  return {
    kind: 'ModelPrice',
    metadata: { name },
    spec: {
      ...of,
      inputPerMillion: perMillion(input),
      outputPerMillion: perMillion(output),
      ...(cached !== undefined && { cachedInputPerMillion: perMillion(cached) }),
      ...(written !== undefined && { cacheWritePerMillion: perMillion(written) }),
    },
  };
}

/** USD for a token as micro-USD for a million. */
function perMillion(usd: number): number {
  return Math.round(usd * MICRO_USD * MILLION);
}
