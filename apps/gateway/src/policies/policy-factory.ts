import type { PolicyDefinition } from '@penstock/contracts';
import type { Logger } from '@penstock/telemetry';
import type { z } from 'zod';
import type { Network } from '../upstream/guarded-network.ts';
import type { RemoteKeySets } from './jwt-auth/remote-key-sets.ts';
import type { Embedder } from '../embeddings/embeddings.ts';
import type { AnswerStore } from './response-cache/answer-store.ts';
import type { SimilarAnswerStore } from './semantic-cache/similar-answer-store.ts';
import type { Policy } from './policy.ts';

/** What policies may use of the gateway. */
export interface PolicyServices {
  readonly logger: Logger;
  /** Epoch ms. */
  readonly now: () => number;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
  /** A guardrail refused something, or would have. */
  readonly countIntervention: (intervention: PolicyIntervention) => void;
  /** Null: this gateway has no Redis. */
  readonly answers: AnswerStore | null;
  /** A kept answer was looked for. */
  readonly onCacheLookUp: (result: 'hit' | 'miss') => void;
  /** Null: this gateway has no Redis. */
  readonly similarAnswers: SimilarAnswerStore | null;
  /** What a look for an answer to something similar came to; what failed or was skipped, the model is asked. */
  readonly onSemanticLookUp: (result: SemanticLookUp) => void;
  readonly embedder: Embedder;
  /** For what the configuration names: addresses that upstreams may have. */
  readonly network: Network;
  /** For what texts name: the public internet alone. */
  readonly publicNetwork: Network;
  readonly keySets: RemoteKeySets;
}

/** `skipped`: the text is too long, or too many wait for their embeddings. */
export type SemanticLookUp = 'hit' | 'miss' | 'skipped' | 'embedding-failed' | 'store-failed';

/** What a guardrail did; the labels of its metric. */
export interface PolicyIntervention {
  readonly policy: string;
  readonly direction: 'REQUEST' | 'RESPONSE';
  readonly mode: 'block' | 'monitor';
}

/** The proxy or the provider that a policy belongs to. */
export interface PolicyOwner {
  readonly organizationId: string;
  /** Of a provider's policies; they run for whoever goes there, and `proxyId` and `proxyName` are the provider's as well. */
  readonly providerId?: string;
  readonly proxyId: string;
  readonly proxyName: string;
  /** Tells attachments of one policy to a proxy apart, and stays while its parameters change; '' for the first that holds everywhere. */
  readonly place: string;
}

/** Makes a policy from its parameters, once per snapshot and attachment. */
export interface PolicyFactory<Definition extends PolicyDefinition = PolicyDefinition> {
  readonly definition: Definition;
  create(params: z.output<Definition['params']>, owner: PolicyOwner, services: PolicyServices): Policy;
}

/** Ties a factory to the schema of its parameters. */
export function policyFactory<Definition extends PolicyDefinition>(
  definition: Definition,
  create: PolicyFactory<Definition>['create'],
): PolicyFactory {
  return { definition, create: create as PolicyFactory['create'] };
}
