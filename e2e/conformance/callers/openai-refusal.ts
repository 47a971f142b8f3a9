import { APIError } from 'openai';
import { Refusal } from '../support/refusal.ts';

/** The refusal in what OpenAI's client threw; anything else as it is, an error within a stream too. */
export function openAiRefusal(error: unknown): unknown {
  if (!(error instanceof APIError) || error.status === undefined || !error.headers) return error;
  const { status, message, headers, code, type } = error;
  return new Refusal({ status, code: code ?? type ?? '', message, headers });
}
