import type { ModelProfileOverrides } from '@penstock/contracts';
import { simulatedAwsCredentials, type VendorName } from '@penstock/testing';
import type { CallerName, Thinking } from './caller.ts';

/** One way in which the gateway asks a vendor: a row of the matrix. */
export interface Upstream {
  readonly name: UpstreamName;
  /** What the docs call it. */
  readonly title: string;
  readonly template: string;
  readonly vendor: VendorName;
  /** Behind the vendor's origin. */
  readonly basePath: string;
  readonly apiVersion: string | null;
  /** What the vendor takes for its key. */
  readonly key: string;
  /** What an administrator has to say of the model, over the template's profile. */
  readonly profile: ModelProfileOverrides;
  readonly route: Route;
  /** Where a caller is served by another operation of the vendor, or learns more of it since its bytes pass through. */
  readonly routes: Partial<Readonly<Record<CallerName, Partial<Route>>>>;
  /** Seconds that a caller is told to wait when the vendor's rate limit is reached: the vendor's own where it tells any. */
  readonly retryAfter: string;
  /** What a caller is told when the vendor is overloaded; Azure calls that a rate limit. */
  readonly overload: 'rate_limit_exceeded' | 'overloaded';
}

/** One of a vendor's operations, and a family of models that it serves. */
export interface Route {
  /** Stands before the scenario in the model's name: its rules hold, and the template's profile of it. */
  readonly family: string;
  /** Path that the vendor must have been asked at, so that no row tests another one's dialect. */
  readonly asked: RegExp;
  /** How a caller whose words pass through has to ask for thoughts; null: as it likes. */
  readonly thinking: Thinking | null;
  /** Whether the vendor shows what its model thought. */
  readonly showsThoughts: boolean;
  /** Whether it counts the tokens of thoughts apart. */
  readonly countsThoughts: boolean;
  /** Whether it counts the tokens apart that it wrote to its cache. */
  readonly countsCacheWrites: boolean;
  /** Who signs thoughts, which then have to come back with the results of tools; null: nobody. */
  readonly signer: VendorName | null;
}

export const upstreamNames = [
  'openai-chat',
  'openai-responses',
  'vllm',
  'vllm-text-only',
  'azure-openai-v1',
  'azure-openai-deployments',
  'anthropic',
  'anthropic-budget',
  'mistralai',
  'gemini',
  'awsbedrock',
] as const;
export type UpstreamName = (typeof upstreamNames)[number];

/** Chat Completions hide thoughts and count them. */
const chat: Route = {
  family: 'gpt-5.2-',
  asked: /^\/v1\/chat\/completions$/,
  thinking: null,
  showsThoughts: false,
  countsThoughts: true,
  countsCacheWrites: true,
  signer: null,
};
const responses: Partial<Route> = { asked: /^\/v1\/responses$/, showsThoughts: true, signer: 'openai' };
/** Only models of their own are served by the legacy Completions. */
const completions: Partial<Route> = { family: 'gpt-3.5-turbo-instruct-', asked: /^\/v1\/completions$/ };
const messages: Route = {
  family: 'claude-opus-5-',
  asked: /^\/v1\/messages$/,
  thinking: 'level',
  showsThoughts: true,
  countsThoughts: false,
  countsCacheWrites: true,
  signer: 'anthropic',
};

type Row = Omit<Upstream, 'name'>;

const openai: Row = {
  title: '`openai`, Chat Completions',
  template: 'openai',
  vendor: 'openai',
  basePath: '/v1',
  apiVersion: null,
  key: 'sk-conformance',
  profile: {},
  route: chat,
  routes: { responses, completions },
  retryAfter: '7',
  overload: 'overloaded',
};
const azure: Row = {
  ...openai,
  title: '`azure-openai`, v1 URLs',
  template: 'azure-openai',
  vendor: 'azure',
  basePath: '',
  key: 'azure-conformance',
  route: { ...chat, asked: /^\/openai\/v1\/chat\/completions$/ },
  routes: {
    responses: { ...responses, asked: /^\/openai\/v1\/responses$/ },
    completions: { ...completions, asked: /^\/openai\/v1\/completions$/ },
  },
  overload: 'rate_limit_exceeded',
};
const vllm: Row = {
  ...openai,
  title: '`vllm`',
  template: 'vllm',
  vendor: 'vllm',
  key: 'vllm-conformance',
  route: { ...chat, family: '', showsThoughts: true },
  routes: { completions: { ...completions, family: '' } },
  retryAfter: '1',
};
const anthropic: Row = {
  ...openai,
  title: '`anthropic`, models that choose how long to think',
  template: 'anthropic',
  vendor: 'anthropic',
  basePath: '',
  key: 'sk-ant-conformance',
  route: messages,
  // The newest version of the API, which only a caller can ask for, counts thoughts.
  routes: { messages: { countsThoughts: true } },
};
const elsewhere: Row = { ...openai, basePath: '', routes: {} };

const rows: Readonly<Record<UpstreamName, Row>> = {
  'openai-chat': openai,
  'openai-responses': {
    ...openai,
    title: '`openai`, models that have Responses alone',
    route: { ...chat, ...responses, family: 'gpt-5.1-codex-' },
    routes: { completions: { asked: /^\/v1\/completions$/ } },
  },
  vllm,
  'vllm-text-only': {
    ...vllm,
    title: '`vllm`, a model without eyes (`images: none` in its profile)',
    profile: { images: 'none' },
    route: { ...vllm.route, family: 'text-only-' },
    routes: { completions: { ...completions, family: 'text-only-' } },
  },
  'azure-openai-v1': azure,
  'azure-openai-deployments': {
    ...azure,
    title: '`azure-openai`, URLs of deployments',
    apiVersion: '2025-04-01-preview',
    route: { ...chat, asked: /^\/openai\/deployments\/[^/]+\/chat\/completions$/ },
    routes: {
      responses: { ...responses, asked: /^\/openai\/responses$/ },
      completions: { ...completions, asked: /^\/openai\/deployments\/[^/]+\/completions$/ },
    },
  },
  anthropic,
  'anthropic-budget': {
    ...anthropic,
    title: '`anthropic`, models that think within a budget',
    route: { ...messages, family: 'claude-sonnet-4-5-', thinking: 'budget' },
  },
  mistralai: {
    ...elsewhere,
    title: '`mistralai`',
    template: 'mistralai',
    vendor: 'mistral',
    key: 'mistral-conformance',
    route: {
      ...chat,
      family: 'mistral-medium-3.5-',
      showsThoughts: true,
      countsThoughts: false,
      countsCacheWrites: false,
    },
    retryAfter: '1',
  },
  gemini: {
    ...elsewhere,
    title: '`gemini`',
    template: 'gemini',
    vendor: 'gemini',
    key: 'AIza-conformance',
    route: {
      ...chat,
      family: 'gemini-3.5-pro-',
      asked: /^\/v1beta\/models\/[^/]+:(generateContent|streamGenerateContent)$/,
      showsThoughts: true,
      countsCacheWrites: false,
      signer: 'gemini',
    },
  },
  awsbedrock: {
    ...elsewhere,
    title: '`awsbedrock`, Converse',
    template: 'awsbedrock',
    vendor: 'bedrock',
    key: `${simulatedAwsCredentials.accessKeyId}:${simulatedAwsCredentials.secretAccessKey}`,
    route: {
      ...messages,
      family: 'anthropic.claude-sonnet-4-5-',
      asked: /^\/model\/[^/]+\/converse(-stream)?$/,
      thinking: null,
      signer: 'bedrock',
    },
    retryAfter: '1',
  },
};

/** The rows of the matrix. */
export const upstreams: readonly Upstream[] = upstreamNames.map((name) => ({ name, ...rows[name] }));

/** How an upstream is asked for what a caller wants. */
export function routeOf({ route, routes }: Upstream, caller: CallerName): Route {
  return { ...route, ...routes[caller] };
}
