import { GatewayError } from '@penstock/contracts';
import {
  boundGeneration,
  geminiCodec,
  GenerateStreamReader,
  readGeminiUsage,
  type RequestFacts,
  scanGenerateRequest,
  unsealContents,
} from '@penstock/dialects';
import type { RequestContext } from '../../http/request-context.ts';
import type { Surface } from './surface.ts';

/** `models/{model}:{method}`; the model may hold slashes and colons itself. */
const METHODS: ReadonlyMap<string, boolean> = new Map([
  ['generateContent', false],
  ['streamGenerateContent', true],
]);

/** Gemini's own API: model and method stand in the path, and nothing in the body has to change. */
export const GENERATE_CONTENT_SURFACE: Surface = {
  operation: 'generate-content',
  dialect: 'gemini',
  client: geminiCodec,
  outputFields: ['generationConfig.maxOutputTokens'],
  scan: readPath,
  rewrite: (body, facts, { origin, output }) =>
    unsealContents(output ? boundGeneration(body, facts, output.tokens) : body, origin),
  pathFields: ({ model, stream }) => ({ model, stream }),
  createReader: () => new GenerateStreamReader(),
  keepAliveEvent: ': ping\n\n',
  readUsage: readGeminiUsage,
  statusOf: ({ status }) => status,
};

function readPath(body: Buffer, { parameter }: RequestContext): RequestFacts {
  const colon = parameter.lastIndexOf(':');
  const stream = METHODS.get(parameter.slice(colon + 1));
  if (colon <= 0 || stream === undefined) {
    throw new GatewayError('not_found', 'Only generateContent and streamGenerateContent are served at this path.');
  }
  return scanGenerateRequest(body, { model: parameter.slice(0, colon), stream });
}
