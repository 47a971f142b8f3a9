import { ContentLengthGuardrail } from '@penstock/contracts';
import { CountRule } from '../guardrail/count-rule.ts';
import { textGuardrail } from '../guardrail/text-guardrail.ts';
import { policyFactory } from '../policy-factory.ts';
import { ByteCounter } from './byte-counter.ts';

const bytes = {
  noun: 'content length',
  units: 'bytes',
  reason: 'Violation of applied content length constraints detected.',
  createCounter: () => new ByteCounter(),
};

/** Refuses text with fewer or more bytes than a range allows. */
export const contentLengthGuardrail = policyFactory(ContentLengthGuardrail, (params, owner, services) =>
  textGuardrail(
    {
      name: ContentLengthGuardrail.name,
      type: 'CONTENT_LENGTH_GUARDRAIL',
      params,
      ruleOf: (range) => new CountRule(bytes, range),
      scopeOf: () => 'newest',
    },
    owner,
    services,
  ),
);
