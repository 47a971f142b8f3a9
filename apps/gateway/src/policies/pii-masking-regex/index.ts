import { PiiMaskingRegex } from '@penstock/contracts';
import type { JsonObject } from '@penstock/dialects';
import { JsonPath } from '@penstock/policies';
import type { RequestContext } from '../../http/request-context.ts';
import { policyFactory } from '../policy-factory.ts';
import { EntityFinder } from './entity-finder.ts';
import { entitiesOf } from './entities.ts';
import { MaskedValues } from './masked-values.ts';
import { maskBody } from './mask-body.ts';
import { RestoredStream } from './restored-stream.ts';
import { restoreAnswer } from './restore-answer.ts';

const REDACTED = '*****';

/** Takes personal data out of requests; unless it is redacted, answers get it back. What was found stays with the request. */
export const piiMaskingRegex = policyFactory(PiiMaskingRegex, (params) => {
  const { jsonPath, redactPII } = params;
  const finder = new EntityFinder(entitiesOf(params));
  const path = jsonPath === undefined || jsonPath === '' ? null : new JsonPath(jsonPath);
  const masked = new WeakMap<RequestContext, MaskedValues>();
  const mask = (body: JsonObject, context: RequestContext): boolean => {
    if (redactPII) return maskBody(body, path, (text) => finder.replace(text, () => REDACTED));
    const values = new MaskedValues(body);
    const changed = maskBody(body, path, (text) => finder.replace(text, (name, value) => values.mask(name, value)));
    if (values.size > 0) masked.set(context, values);
    return changed;
  };
  return {
    name: PiiMaskingRegex.name,
    onBody(call) {
      if (mask(call.json, call.context)) call.markChanged();
      return undefined;
    },
    ...(!redactPII && {
      onAnswer({ context }, answer) {
        const values = masked.get(context);
        return values !== undefined && restoreAnswer(answer, values);
      },
      createStreamFilter({ context }) {
        const values = masked.get(context);
        return values && new RestoredStream(values);
      },
    }),
  };
});
