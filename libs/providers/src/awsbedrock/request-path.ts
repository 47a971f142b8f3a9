import { pathSegment } from '../http/path-segment.ts';
import type { UpstreamCall } from '../provider-adapter.ts';

/** Where Bedrock's runtime serves a request; ids and ARNs of models are escaped as one segment. */
export function bedrockPath({ operation, upstreamModel, stream }: UpstreamCall): string {
  if (operation === 'models') throw new TypeError("Bedrock's runtime has no list of models");
  const model = `/model/${pathSegment(upstreamModel)}`;
  if (operation === 'count-tokens') return `${model}/count-tokens`;
  return stream ? `${model}/converse-stream` : `${model}/converse`;
}
