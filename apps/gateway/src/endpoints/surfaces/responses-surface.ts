import {
  dropReasoning,
  openAiResponsesCodec,
  readResponsesUsage,
  refusesReasoning,
  type RequestFacts,
  type ResponsesFacts,
  ResponsesStreamReader,
  rewriteRequest,
  scanResponsesRequest,
  unsealResponses,
} from '@penstock/dialects';
import type { RewriteTarget, Surface } from './surface.ts';

const OUTPUT_FIELDS = ['max_output_tokens'];

export const RESPONSES_SURFACE: Surface = {
  operation: 'responses',
  dialect: 'openai-responses',
  client: openAiResponsesCodec,
  outputFields: OUTPUT_FIELDS,
  scan: scanResponsesRequest,
  rewrite,
  withoutRefused: (body, status, answer) => (refusesReasoning(status, answer) ? dropReasoning(body) : null),
  createReader: () => new ResponsesStreamReader(),
  keepAliveEvent: ': ping\n\n',
  readUsage: readResponsesUsage,
  statusOf: ({ status }) => status,
};

/** Signatures in Penstock's envelope came from another model in between; only then is the body more than spliced. */
function rewrite(body: Buffer, facts: RequestFacts, { upstreamModel, origin, output }: RewriteTarget): Buffer {
  const bytes = rewriteRequest(body, facts, {
    model: upstreamModel,
    includeUsage: false,
    output: output && { tokens: output.tokens, fields: OUTPUT_FIELDS, field: 'max_output_tokens' },
  });
  return (facts as ResponsesFacts).hasSealedSignatures ? unsealResponses(bytes, origin) : bytes;
}
