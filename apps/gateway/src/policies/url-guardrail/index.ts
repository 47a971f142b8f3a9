import { UrlGuardrail } from '@penstock/contracts';
import type { z } from 'zod';
import { interventions } from '../guardrail/interventions.ts';
import { judgeAnswer, judgeRequest } from '../guardrail/judge-request.ts';
import { pathOf } from '../guardrail/text-guardrail.ts';
import type { Violation } from '../guardrail/text-rule.ts';
import type { Policy } from '../policy.ts';
import { policyFactory } from '../policy-factory.ts';
import { tooManyUrls, UrlChecker } from './url-checker.ts';
import { MAX_STARTS, UrlFinder } from './url-finder.ts';
import { UrlGuardedStream } from './url-guarded-stream.ts';
import { JudgedUrls, type UrlRule } from './url-rule.ts';

type Side = NonNullable<z.output<typeof UrlGuardrail.params>['request' | 'response']>;

/** Refuses requests and answers with URLs that lead nowhere. What has no URL waits for nothing. */
export const urlGuardrail = policyFactory(UrlGuardrail, ({ request, response, mode }, owner, services) => {
  const { name } = UrlGuardrail;
  const { answerTo, endStream } = interventions({ name, type: 'URL_GUARDRAIL', mode }, owner, services);
  const ruleOf = (side: Side): UrlRule => ({ checker: new UrlChecker(side, services), maxUrls: side.maxUrls });
  return {
    name,
    ...(request?.enabled && requestHooks(request)),
    ...(response?.enabled && responseHooks(response)),
  };

  function requestHooks(side: Side): Pick<Policy, 'onBody'> {
    const [rule, path] = [ruleOf(side), pathOf(side)];
    return {
      async onBody({ json, context }) {
        const startedAt = performance.now();
        const verdict = judgeTexts(rule, (judge) => judgeRequest({ judge }, json, { path, scope: 'newest' }));
        const violation = await verdict;
        if (verdict instanceof Promise) context.waitedMs += performance.now() - startedAt;
        return violation ? answerTo('REQUEST', violation, side, context) : undefined;
      },
    };
  }

  function responseHooks(side: Side): Pick<Policy, 'onAnswer' | 'createStreamFilter'> {
    const [rule, path] = [ruleOf(side), pathOf(side)];
    return {
      onAnswer({ context }, json) {
        const intervene = (violation: Violation | null) =>
          (violation && answerTo('RESPONSE', violation, side, context)) ?? false;
        const verdict = judgeTexts(rule, (judge) => judgeAnswer({ judge }, json, path));
        return verdict instanceof Promise ? verdict.then(intervene) : intervene(verdict);
      },
      createStreamFilter: ({ context }) =>
        new UrlGuardedStream(rule, (violation) => endStream(violation, side, context)),
    };
  }
});

/** Judges the texts that `walk` finds in a body; it may find something wrong with the body itself. */
function judgeTexts(
  rule: UrlRule,
  walk: (judge: (text: string) => null) => Violation | null,
): Violation | null | Promise<Violation | null> {
  const urls = new Set<string>();
  let starts = 0;
  const isTooMuch = (): boolean => urls.size > rule.maxUrls || starts > MAX_STARTS;
  const violation = walk((text) => {
    if (isTooMuch()) return null;
    const finder = new UrlFinder();
    for (const url of finder.push(text)) urls.add(url);
    for (const url of finder.end()) urls.add(url);
    starts += finder.starts;
    return null;
  });
  if (violation) return violation;
  return isTooMuch() ? tooManyUrls(rule.maxUrls) : new JudgedUrls(rule).judge([...urls]);
}
