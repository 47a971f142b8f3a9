import { WordCountGuardrail } from '@penstock/contracts';
import { CountRule } from '../guardrail/count-rule.ts';
import { textGuardrail } from '../guardrail/text-guardrail.ts';
import { policyFactory } from '../policy-factory.ts';
import { WordCounter } from './word-counter.ts';

const words = {
  noun: 'word count',
  units: 'words',
  reason: 'Violation of applied word count constraints detected.',
  createCounter: () => new WordCounter(),
};

/** Refuses text with fewer or more words than a range allows. */
export const wordCountGuardrail = policyFactory(WordCountGuardrail, (params, owner, services) =>
  textGuardrail(
    {
      name: WordCountGuardrail.name,
      type: 'WORD_COUNT_GUARDRAIL',
      params,
      ruleOf: (range) => new CountRule(words, range),
      scopeOf: () => 'newest',
    },
    owner,
    services,
  ),
);
