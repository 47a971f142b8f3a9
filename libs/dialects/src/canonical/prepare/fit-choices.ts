import { GatewayError } from '@penstock/contracts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';

/** Throws `unsupported_parameter` for more choices than the upstream gives: fewer would be another answer than was asked for. */
export function fitChoices(request: CanonicalRequest, { upstream, profile }: PrepareContext): CanonicalRequest {
  const { choices = 1, stream, dialect } = request;
  // Gemini streams one candidate only.
  const most = upstream === 'gemini' && stream ? 1 : profile.maxChoices;
  if (choices <= most) return request;
  const param = callerName(dialect, 'choices');
  const message = `'${param}' is at most ${most} with the model that serves this request.`;
  throw new GatewayError('unsupported_parameter', message, { param });
}
