import { RegexGuardrail } from '@penstock/contracts';
import { TextPattern } from '@penstock/policies';
import { textGuardrail } from '../guardrail/text-guardrail.ts';
import { policyFactory } from '../policy-factory.ts';
import { RegexRule } from './regex-rule.ts';

/**
 * Refuses text that does not match a pattern, or with `invert` text that does. Where no path is given, what must not be said is
 * looked for in all that user and assistant say, and what must be said in the newest message.
 */
export const regexGuardrail = policyFactory(RegexGuardrail, (params, owner, services) =>
  textGuardrail(
    {
      name: RegexGuardrail.name,
      type: 'REGEX_GUARDRAIL',
      params,
      // A side without its pattern is switched off, and has no rule.
      ruleOf: ({ regex = '', invert }) => new RegexRule(new TextPattern(regex), { source: regex, forbids: invert }),
      scopeOf: ({ invert }) => (invert ? 'all' : 'newest'),
    },
    owner,
    services,
  ),
);
