import { modelOf } from '../model-of.ts';
import { bearerKey } from '../bearer-key.ts';
import { checkBody } from '../checked.ts';
import type { Handled, Vendor, VendorRequest } from '../vendor.ts';
import { brokenRule, type Violation } from '../violation.ts';
import { failAsAnthropic, refuseAsAnthropic } from './errors.ts';
import { MessageWriter } from './message-writer.ts';
import { NEWEST_VERSION } from './model-rules.ts';
import { modelList } from './model-list.ts';
import { readAsked } from './read-asked.ts';
import { checkMessages, checkShared, type Terms } from './rules.ts';
import { CountTokensRequest, MessagesRequest } from './schema.ts';

const versions: readonly string[] = ['2023-06-01', NEWEST_VERSION];

/** Anthropic's API: messages, counting of tokens, list of models. */
export const anthropicVendor: Vendor = {
  name: 'anthropic',
  handle(request, key) {
    const operation = operationOf(request);
    if (operation === null) return null;
    const sent = request.headers['x-api-key'] ?? bearerKey(request);
    const model = modelOf(request.body);
    const missing = checkHeaders(request, sent);
    if (missing.length > 0) return { kind: 'invalid', model, violations: missing };
    if (key !== null && sent !== key) return { kind: 'refused', model, failure: failAsAnthropic('auth', '') };
    return operation(request, readTerms(request));
  },
  refuse: (violations) => refuseAsAnthropic(violations),
  fail: (kind, _request, model) => failAsAnthropic(kind, model),
  headers: (id) => ({
    'request-id': `req_011C${String(id).padStart(20, '0')}`,
    'anthropic-organization-id': 'simulated',
  }),
};

type Operation = (request: VendorRequest, terms: Terms) => Handled;

function operationOf({ method, path }: VendorRequest): Operation | null {
  if (method === 'POST' && path === '/v1/messages') return generate;
  if (method === 'POST' && path === '/v1/messages/count_tokens') return countTokens;
  return method === 'GET' && path === '/v1/models' ? listModels : null;
}

function checkHeaders({ headers }: VendorRequest, sent: unknown): readonly Violation[] {
  if (sent === null || sent === undefined) {
    return [{ path: ['x-api-key'], kind: 'credentials', message: 'x-api-key header is required' }];
  }
  const version = headers['anthropic-version'];
  if (!version) return [brokenRule(['anthropic-version'], 'anthropic-version: header is required')];
  if (versions.includes(String(version))) return [];
  return [brokenRule(['anthropic-version'], `anthropic-version: "${String(version)}" is not a valid version`)];
}

function readTerms({ headers }: VendorRequest): Terms {
  const betas = String(headers['anthropic-beta'] ?? '').split(',');
  return { version: String(headers['anthropic-version']), betas: betas.map((beta) => beta.trim()).filter(Boolean) };
}

function generate(request: VendorRequest, terms: Terms): Handled {
  const { body, violations } = checkBody(MessagesRequest, request.body, (found) => checkMessages(found, terms));
  if (!body) return { kind: 'invalid', model: modelOf(request.body), violations };
  return {
    kind: 'generate',
    asked: readAsked(body, request.rawBody.length),
    writer: new MessageWriter(body, terms.version),
  };
}

function countTokens(request: VendorRequest, terms: Terms): Handled {
  const { body, violations } = checkBody(CountTokensRequest, request.body, (found) => checkShared(found, terms));
  if (!body) return { kind: 'invalid', model: modelOf(request.body), violations };
  const inputTokens = Math.ceil(request.rawBody.length / 4);
  return { kind: 'plain', model: body.model, inputTokens, body: { input_tokens: inputTokens } };
}

function listModels(): Handled {
  return { kind: 'plain', model: null, inputTokens: 0, body: modelList() };
}
