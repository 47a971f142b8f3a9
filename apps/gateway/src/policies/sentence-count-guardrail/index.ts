import { SentenceCountGuardrail } from '@penstock/contracts';
import { CountRule } from '../guardrail/count-rule.ts';
import { textGuardrail } from '../guardrail/text-guardrail.ts';
import { policyFactory } from '../policy-factory.ts';
import { SentenceCounter } from './sentence-counter.ts';

const sentences = {
  noun: 'sentence count',
  units: 'sentences',
  reason: 'Violation of applied sentence count constraints detected',
  createCounter: () => new SentenceCounter(),
};

/** Refuses text with fewer or more sentences than a range allows. */
export const sentenceCountGuardrail = policyFactory(SentenceCountGuardrail, (params, owner, services) =>
  textGuardrail(
    {
      name: SentenceCountGuardrail.name,
      type: 'SENTENCE_COUNT_GUARDRAIL',
      params,
      ruleOf: (range) => new CountRule(sentences, range),
      scopeOf: () => 'newest',
    },
    owner,
    services,
  ),
);
