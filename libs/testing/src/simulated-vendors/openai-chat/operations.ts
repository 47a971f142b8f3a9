import { modelOf } from '../model-of.ts';
import { checkBody } from '../checked.ts';
import type { Handled, TurnWriter, VendorRequest } from '../vendor.ts';
import type { Violation } from '../violation.ts';
import { embed } from './embeddings.ts';
import { readAsked } from './read-asked.ts';
import { checkChat } from './rules.ts';
import { ChatRequest, EmbeddingsRequest } from './schema.ts';

/** Where OpenAI's operations differ at another vendor that serves them. */
export interface ChatTerms {
  /** The model, when the path names it; the body need not name it then. */
  readonly model: string | null;
  readonly rules: (body: ChatRequest) => readonly Violation[];
  readonly writer: (body: ChatRequest) => TurnWriter;
}

/** Chat Completions. */
export function handleChat(request: VendorRequest, terms: ChatTerms): Handled {
  const value = withModel(request.body, terms.model);
  const { body, violations } = checkBody(ChatRequest, value, (found) => [
    ...terms.rules(found),
    ...checkChat(found, terms.model ?? found.model),
  ]);
  if (!body) return { kind: 'invalid', model: terms.model ?? modelOf(request.body), violations };
  const asked = readAsked(body, terms.model ?? body.model, request.rawBody.length);
  return { kind: 'generate', asked, writer: terms.writer(body) };
}

/** Embeddings. */
export function handleEmbeddings(request: VendorRequest, model: string | null): Handled {
  const { body, violations } = checkBody(EmbeddingsRequest, withModel(request.body, model));
  if (!body) return { kind: 'invalid', model: model ?? modelOf(request.body), violations };
  return embed(body, model ?? body.model);
}

function withModel(body: unknown, model: string | null): unknown {
  if (model === null || typeof body !== 'object' || body === null) return body;
  return { model, ...body };
}
