import type { LlmProviderTemplateSpec } from '@penstock/contracts';
import { z } from 'zod';

/** Where a vendor lists its models. */
export interface ModelListRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Upstream {
  readonly url: string;
  readonly apiVersion?: string | undefined;
  readonly template: { readonly name: string; readonly spec: LlmProviderTemplateSpec };
  readonly credential: { readonly header: string; readonly value: string } | undefined;
}

/** The request that lists a provider's models; it costs nothing at any vendor, and proves address and credential. */
export function modelListRequest({ url, apiVersion, template, credential }: Upstream): ModelListRequest {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'penstock' };
  if (credential) headers[credential.header.toLowerCase()] = credential.value;
  const base = url.replace(/\/+$/, '');
  if (template.spec.dialect === 'anthropic') {
    headers['anthropic-version'] = '2023-06-01';
    return { url: `${withVersion(base, 'v1')}/models`, headers };
  }
  if (template.spec.dialect === 'gemini') return { url: `${withVersion(base, 'v1beta')}/models`, headers };
  if (template.name === 'azure-openai' || template.name === 'azureai-foundry')
    return { url: azureModels(base, apiVersion), headers };
  return { url: `${withVersion(base, 'v1')}/models`, headers };
}

/** A dated version has a list of its own; its deployments are known to Azure's management API alone. */
function azureModels(base: string, apiVersion: string | undefined): string {
  if (apiVersion === undefined && base.endsWith('/openai/v1')) return `${base}/models`;
  const root = base.replace(/\/openai(\/v1|\/deployments\/[^/]+)?$/, '');
  return apiVersion !== undefined && /^\d{4}-/.test(apiVersion)
    ? `${root}/openai/models?api-version=${apiVersion}`
    : `${root}/openai/v1/models`;
}

/** Both spellings of a base URL work: with and without its version. */
function withVersion(base: string, version: string): string {
  return /\/v\d+(beta)?$/.test(base) ? base : `${base}/${version}`;
}

const OpenAiList = z.object({ data: z.array(z.object({ id: z.string() })) });
const GeminiList = z.object({ models: z.array(z.object({ name: z.string() })) });
const MAX_MODELS = 5_000;

/** Model names in an answer of any dialect; undefined when it is not a list of models. */
export function readModelList(body: string): readonly string[] | undefined {
  const json = parseJson(body);
  const openAi = OpenAiList.safeParse(json);
  if (openAi.success) return openAi.data.data.map(({ id }) => id).slice(0, MAX_MODELS);
  const gemini = GeminiList.safeParse(json);
  if (gemini.success) return gemini.data.models.map(({ name }) => name.replace(/^models\//, '')).slice(0, MAX_MODELS);
  return undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
