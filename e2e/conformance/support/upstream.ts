import { simulatedAwsCredentials, type VendorName } from '@penstock/testing';
import type { CallerName } from './caller.ts';

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
  /** Stands before the scenario in the model's name: the rules of this family hold, and the template's profile of it. */
  readonly family: string;
  readonly route: Route;
  /** For callers of Responses, where the vendor has them too. */
  readonly responses: Route | null;
  /** Seconds that a caller is told to wait when the vendor's rate limit is reached: the vendor's own where it tells any. */
  readonly retryAfter: string;
}

/** One of a vendor's operations. */
export interface Route {
  /** Path that the vendor must have been asked at, so that no row tests another one's dialect. */
  readonly asked: RegExp;
  /** Whether the vendor shows what its model thought. */
  readonly showsThoughts: boolean;
  /** Whether it counts the tokens of thoughts apart. */
  readonly countsThoughts: boolean;
  /** Whether thoughts are signed, and have to come back with the results of tools. */
  readonly signs: boolean;
}

export const upstreamNames = [
  'openai-chat',
  'openai-responses',
  'vllm',
  'azure-openai-v1',
  'azure-openai-deployments',
  'anthropic',
  'anthropic-budget',
  'mistralai',
  'gemini',
  'awsbedrock',
] as const;
export type UpstreamName = (typeof upstreamNames)[number];

type Rest = Omit<Upstream, 'name'>;

/** Chat Completions hide thoughts and count them. */
const chat = (asked: RegExp): Route => ({ asked, showsThoughts: false, countsThoughts: true, signs: false });
const responses = (asked: RegExp): Route => ({ asked, showsThoughts: true, countsThoughts: true, signs: true });
const claude = (asked: RegExp): Route => ({ asked, showsThoughts: true, countsThoughts: false, signs: true });

const openai: Rest = {
  title: '`openai`, Chat Completions',
  template: 'openai',
  vendor: 'openai',
  basePath: '/v1',
  apiVersion: null,
  key: 'sk-conformance',
  family: 'gpt-5.2-',
  route: chat(/^\/v1\/chat\/completions$/),
  responses: responses(/^\/v1\/responses$/),
  retryAfter: '7',
};
const azure: Rest = {
  ...openai,
  title: '`azure-openai`, v1 URLs',
  template: 'azure-openai',
  vendor: 'azure',
  basePath: '',
  key: 'azure-conformance',
  route: chat(/^\/openai\/v1\/chat\/completions$/),
  responses: responses(/^\/openai\/v1\/responses$/),
};
const anthropic: Rest = {
  ...openai,
  title: '`anthropic`, models that think as they see fit',
  template: 'anthropic',
  vendor: 'anthropic',
  basePath: '',
  key: 'sk-ant-conformance',
  family: 'claude-opus-5-',
  route: claude(/^\/v1\/messages$/),
  responses: null,
};

const rows: Readonly<Record<UpstreamName, Rest>> = {
  'openai-chat': openai,
  'openai-responses': {
    ...openai,
    title: '`openai`, Responses',
    family: 'gpt-5.1-codex-',
    route: responses(/^\/v1\/responses$/),
  },
  vllm: { ...openai, title: '`vllm`', template: 'vllm', family: '', responses: null },
  'azure-openai-v1': azure,
  'azure-openai-deployments': {
    ...azure,
    title: '`azure-openai`, URLs of deployments',
    apiVersion: '2025-04-01-preview',
    route: chat(/^\/openai\/deployments\/[^/]+\/chat\/completions$/),
    responses: responses(/^\/openai\/responses$/),
  },
  anthropic,
  'anthropic-budget': {
    ...anthropic,
    title: '`anthropic`, models that think within a budget',
    family: 'claude-sonnet-4-5-',
  },
  mistralai: {
    ...openai,
    title: '`mistralai`',
    template: 'mistralai',
    vendor: 'mistral',
    basePath: '',
    key: 'mistral-conformance',
    family: 'mistral-medium-3.5-',
    route: { asked: /^\/v1\/(chat|fim)\/completions$/, showsThoughts: true, countsThoughts: false, signs: false },
    responses: null,
    retryAfter: '1',
  },
  gemini: {
    ...openai,
    title: '`gemini`',
    template: 'gemini',
    vendor: 'gemini',
    basePath: '',
    key: 'AIza-conformance',
    family: 'gemini-3.5-pro-',
    route: {
      asked: /^\/v1beta\/models\/[^/]+:(generateContent|streamGenerateContent)$/,
      showsThoughts: true,
      countsThoughts: true,
      signs: true,
    },
    responses: null,
  },
  awsbedrock: {
    ...openai,
    title: '`awsbedrock`, Converse',
    template: 'awsbedrock',
    vendor: 'bedrock',
    basePath: '',
    key: `${simulatedAwsCredentials.accessKeyId}:${simulatedAwsCredentials.secretAccessKey}`,
    family: 'anthropic.claude-sonnet-4-5-',
    route: claude(/^\/model\/[^/]+\/converse(-stream)?$/),
    responses: null,
    retryAfter: '1',
  },
};

/** The rows of the matrix. */
export const upstreams: readonly Upstream[] = upstreamNames.map((name) => ({ name, ...rows[name] }));

/** How an upstream is asked for what a caller wants. */
export function routeOf({ route, responses: own }: Upstream, caller: CallerName): Route {
  return caller === 'responses' && own ? own : route;
}
