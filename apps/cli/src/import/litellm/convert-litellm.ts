import { CliError } from '../../cli-error.ts';
import { formatFieldPath } from '../../manifests/field-path.ts';
import { Conversion, type ConversionOptions, type ConvertedManifest } from './conversion.ts';
import { readDeployments } from './deployments.ts';
import { LitellmConfig } from './litellm-config.ts';
import { toProviders } from './to-providers.ts';
import { toProxy } from './to-proxy.ts';

/** What came of a conversion. */
export interface LitellmConversion {
  /** In the order in which they are applied. */
  readonly manifests: readonly ConvertedManifest[];
  /** What could not be converted, and what is to be done by hand. */
  readonly warnings: readonly string[];
}

const CONVERTED_SETTINGS = new Set(['fallbacks', 'default_fallbacks', 'model_group_alias']);

/** Manifests for the `config.yaml` of a LiteLLM proxy. Throws the `CliError` for what is no such config, or has no model. */
export function convertLitellm(config: unknown, options: ConversionOptions): LitellmConversion {
  const read = LitellmConfig.safeParse(config);
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `\n  ${formatFieldPath(path)}: ${message}`);
    throw new CliError(`This is no config.yaml of a LiteLLM proxy:${faults.slice(0, 20).join('')}`);
  }
  const conversion = new Conversion({ ...options, env: { ...options.env, ...plainVariables(read.data) } });
  const deployments = readDeployments(read.data, conversion);
  const { quotas, providers, prices } = toProviders(deployments, conversion);
  const proxy = toProxy(deployments, read.data, conversion);
  if (!proxy) throw new CliError(['No model of the config can be converted.', ...conversion.warnings].join('\n  '));
  warnOfSettings(read.data, conversion);
  return { manifests: [...quotas, ...providers, ...prices, proxy], warnings: conversion.warnings };
}

/** `environment_variables` of the config, which LiteLLM sets before it reads the rest. */
function plainVariables({ environment_variables: variables }: LitellmConfig): Readonly<Record<string, string>> {
  const entries = Object.entries(variables ?? {}).filter(([, value]) => !value.startsWith('os.environ/'));
  return Object.fromEntries(entries);
}

function warnOfSettings(config: LitellmConfig, conversion: Conversion): void {
  for (const [section, settings] of Object.entries(config)) {
    if (section === 'model_list' || settings === null || settings === undefined) continue;
    if (section === 'environment_variables') {
      conversion.warn('environment_variables is not converted: set them where the control plane runs.');
    } else if (section === 'general_settings') {
      warnOfGeneral(Object.keys(settings as object), conversion);
    } else if (section === 'router_settings' || section === 'litellm_settings') {
      const others = Object.keys(settings as object).filter((name) => !CONVERTED_SETTINGS.has(name));
      for (const name of others) conversion.warn(`${section}.${name} is not converted.`);
    } else conversion.warn(`${section} is not converted.`);
  }
}

function warnOfGeneral(names: readonly string[], conversion: Conversion): void {
  for (const name of names) {
    conversion.warn(
      name === 'master_key'
        ? "general_settings.master_key is ignored: make virtual keys with 'penstock keys create', and admin tokens in the console."
        : `general_settings.${name} is not converted.`,
    );
  }
}
