import type { TokenUsage } from '@penstock/contracts';
import {
  bedrockConverseCodec,
  boundConverse,
  type JsonObject,
  scanConverseRequest,
  toTokenUsage,
} from '@penstock/dialects';
import type { Surface } from './surface.ts';

/** Bedrock's own API, for those who call a provider of it without a proxy: the model stands in the path, and answers are whole. */
export const CONVERSE_SURFACE: Surface = {
  operation: 'chat',
  dialect: 'bedrock-converse',
  client: bedrockConverseCodec,
  outputFields: ['inferenceConfig.maxTokens'],
  scan: (body, { parameter }) => scanConverseRequest(body, parameter),
  rewrite: (body, facts, { output }) => (output ? boundConverse(body, facts, output.tokens) : body),
  pathFields: ({ model }) => ({ model }),
  createReader: () => {
    throw new TypeError('converse has no streams: converse-stream is an operation of its own');
  },
  keepAliveEvent: '',
  readUsage,
  statusOf: ({ status }) => status,
};

function readUsage(body: Buffer): TokenUsage | null {
  let answer: JsonObject;
  try {
    answer = JSON.parse(body.toString('utf8')) as JsonObject;
  } catch {
    // Not JSON: there is no usage to be read, which the caller is told by null.
    return null;
  }
  const usage = bedrockConverseCodec.readUsage(answer);
  return usage && toTokenUsage(usage);
}
