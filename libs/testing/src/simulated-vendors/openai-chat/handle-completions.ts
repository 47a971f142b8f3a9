import { checkBody } from '../checked.ts';
import { modelOf } from '../model-of.ts';
import type { Asked } from '../turn/asked.ts';
import { familyOf } from '../turn/scenario.ts';
import type { Handled, VendorRequest } from '../vendor.ts';
import { CompletionWriter } from './completion-writer.ts';
import { CompletionsRequest } from './completions-schema.ts';

/** Tokens that an answer has at most where the request sets no bound. */
const DEFAULT_MAX_TOKENS = 16;

/** The legacy Completions, which the models of a chat do not have. `model`: the path's, which wins over the body's. */
export function handleCompletions(request: VendorRequest, model: string | null): Handled {
  const named = model ?? modelOf(request.body);
  if (!/^(?:gpt-3\.5-turbo-instruct|davinci|babbage|text-only|$)/.test(familyOf(named ?? ''))) return chatModel(named);
  const value = model === null ? request.body : { model, ...(request.body as object) };
  const { body, violations } = checkBody(CompletionsRequest, value);
  if (!body) return { kind: 'invalid', model: named, violations };
  const asked = readAsked(body, model ?? body.model, request.rawBody.length);
  return { kind: 'generate', asked, writer: new CompletionWriter(body) };
}

function chatModel(model: string | null): Handled {
  const message =
    'This is not a completion model and not supported in the v1/completions endpoint. Did you mean to use v1/chat/completions?';
  const error = { message, type: 'invalid_request_error', param: 'model', code: null };
  return { kind: 'refused', model, failure: { status: 404, headers: {}, body: { error } } };
}

function readAsked(body: CompletionsRequest, model: string, inputBytes: number): Asked {
  return {
    model,
    lastText: typeof body.prompt === 'string' ? body.prompt : body.prompt.join(''),
    media: [],
    tools: [],
    toolChoice: { mode: 'none' },
    parallelTools: false,
    results: [],
    schema: null,
    mayReason: false,
    maxOutputTokens: body.max_tokens ?? DEFAULT_MAX_TOKENS,
    stops: typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []),
    inputBytes,
  };
}
