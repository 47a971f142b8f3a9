import { noSuchOperation } from '../http/no-such-operation.ts';
import { pathSegment } from '../http/path-segment.ts';
import type { UpstreamCall } from '../provider-adapter.ts';

/** Where Bedrock's runtime serves a request; ids and ARNs of models are escaped as one segment. */
export function bedrockPath({ operation, upstreamModel, stream }: UpstreamCall): string {
  if (operation === 'models' || operation === 'embeddings' || operation === 'completions') {
    return noSuchOperation('awsbedrock', operation);
  }
  const model = `/model/${pathSegment(upstreamModel)}`;
  if (operation === 'count-tokens') return `${model}/count-tokens`;
  return stream ? `${model}/converse-stream` : `${model}/converse`;
}
