import { BaseUrl } from '@penstock/contracts';
import { type Conversion, slug, variableOf } from './conversion.ts';
import type { LitellmConfig, LitellmDeployment } from './litellm-config.ts';
import { type LitellmVendor, readLitellmModel } from './litellm-vendors.ts';

/** An account at a vendor, which becomes a provider. */
export interface Account {
  readonly name: string;
  readonly vendor: LitellmVendor;
  readonly url: string;
  readonly apiVersion: string | undefined;
  /** As the config has it: a text, or `os.environ/X`. */
  readonly key: string | undefined;
}

/** A deployment whose account is known. */
export interface Deployment {
  /** The group of LiteLLM that it belongs to. */
  readonly group: string;
  readonly account: Account;
  /** The vendor's name of the model; undefined for `openai/*`. */
  readonly model: string | undefined;
  readonly source: LitellmDeployment;
}

const CONVERTED = new Set([
  'model',
  'api_base',
  'base_url',
  'api_key',
  'api_version',
  'rpm',
  'tpm',
  'max_parallel_requests',
  'weight',
  'order',
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost',
]);

/** The deployments that can be converted, and the accounts that they share. */
export function readDeployments(config: LitellmConfig, conversion: Conversion): readonly Deployment[] {
  const accounts = new Map<string, Account>();
  return (config.model_list ?? []).flatMap((source) => {
    const group = source.model_name;
    const { model: text, ...params } = source.litellm_params;
    const read = readLitellmModel(text);
    if (!read) {
      conversion.warn(`model '${group}': '${text}' is of a vendor that cannot be converted; it is left out.`);
      return [];
    }
    for (const name of Object.keys(params).filter((param) => !CONVERTED.has(param))) {
      conversion.warn(`model '${group}': litellm_params.${name} is not converted.`);
    }
    const url = urlOf(source, read.vendor, conversion);
    if (url === undefined) return [];
    const vendor = vendorAt(read, url);
    const found = { vendor, url, apiVersion: apiVersionOf(source, conversion), key: params.api_key };
    const id = JSON.stringify([vendor.template, url, found.apiVersion, found.key]);
    const account = accounts.get(id) ?? { ...found, name: freeName(read.prefix, accounts) };
    accounts.set(id, account);
    return [{ group, account, model: read.model.includes('*') ? undefined : read.model, source }];
  });
}

/** `openai/` with another address is any server that speaks like OpenAI. */
function vendorAt({ prefix, vendor }: { readonly prefix: string; readonly vendor: LitellmVendor }, url: string) {
  const isOpenAi = prefix === 'openai' || prefix === 'text-completion-openai';
  if (!isOpenAi || new URL(url).hostname === 'api.openai.com') return vendor;
  return { ...vendor, template: 'openai-compatible' };
}

function urlOf(source: LitellmDeployment, vendor: LitellmVendor, conversion: Conversion): string | undefined {
  const { api_base: apiBase, base_url: baseUrl } = source.litellm_params;
  const given = apiBase ?? baseUrl;
  const where = `model '${source.model_name}'`;
  const resolved = given === undefined ? vendor.url : resolveUrl(given, where, conversion);
  if (resolved === undefined) {
    conversion.warn(`${where}: has no api_base; it is left out.`);
    return undefined;
  }
  const url = versioned(resolved.replace(/\/+$/, ''), vendor);
  if (BaseUrl.safeParse(url).success) return url;
  conversion.warn(`${where}: its api_base is no http(s) URL without credentials and query; it is left out.`);
  return undefined;
}

/** The address that a variable holds; one that leads nowhere where it is not set here. */
function resolveUrl(given: string, where: string, conversion: Conversion): string {
  const variable = variableOf(given);
  if (variable === undefined) return given;
  const value = conversion.options.env[variable];
  if (value !== undefined) return value;
  conversion.warn(`${where}: ${variable} is not set here; replace its spec.upstream.url by the address.`);
  return `https://${slug(variable)}.invalid`;
}

function versioned(url: string, { versionPath = '' }: LitellmVendor): string {
  return url.endsWith(versionPath) ? url : `${url}${versionPath}`;
}

function apiVersionOf(source: LitellmDeployment, conversion: Conversion): string | undefined {
  const { api_version: given } = source.litellm_params;
  const variable = variableOf(given);
  if (variable === undefined) return given;
  const value = conversion.options.env[variable];
  if (value === undefined)
    conversion.warn(`model '${source.model_name}': set spec.upstream.apiVersion to what ${variable} holds.`);
  return value;
}

function freeName(prefix: string, accounts: ReadonlyMap<string, Account>): string {
  const names = new Set([...accounts.values()].map(({ name }) => name));
  const base = slug(prefix);
  for (let number = 2, name = base; ; name = `${base}-${number++}`) if (!names.has(name)) return name;
}
