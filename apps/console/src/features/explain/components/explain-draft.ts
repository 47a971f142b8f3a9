import { ExplainRequest } from '@penstock/contracts';
import { z } from 'zod';

/** The question as it is typed. */
export interface ExplainDraft {
  readonly method: ExplainRequest['method'];
  readonly path: string;
  readonly model: string;
  readonly virtualKey: string;
  readonly address: string;
  /** One on each line, `name: value`. */
  readonly headers: string;
  /** JSON; empty for one that fits the path. */
  readonly body: string;
}

/** A question to begin with. */
export const NEW_QUESTION: ExplainDraft = {
  method: 'POST',
  path: '/v1/chat/completions',
  model: '',
  virtualKey: '',
  address: '',
  headers: '',
  body: '',
};

/** Checks a draft with the admin API's own schema and turns it into the question to send. */
export const explainSchema: z.ZodType<ExplainRequest, ExplainDraft> = z
  .custom<ExplainDraft>()
  .superRefine(checkTexts)
  .transform(requestOf)
  .pipe(ExplainRequest);

function checkTexts({ headers, body }: ExplainDraft, context: z.RefinementCtx): void {
  const issue = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  const odd = linesOf(headers).find((line) => line.indexOf(':') <= 0);
  if (odd !== undefined) issue('headers', `“${odd}” is no header: write name: value.`);
  if (body.trim() && bodyOf(body) === undefined) issue('body', 'must be a JSON object');
}

function requestOf({
  method,
  path,
  model,
  virtualKey,
  address,
  headers,
  body,
}: ExplainDraft): z.input<typeof ExplainRequest> {
  const own = body.trim() ? bodyOf(body) : undefined;
  return {
    method,
    path: path.trim(),
    headers: Object.fromEntries(linesOf(headers).map(headerOf)),
    ...(own ? { body: own } : {}),
    ...(model.trim() ? { model: model.trim() } : {}),
    ...(virtualKey.trim() ? { virtualKey: virtualKey.trim() } : {}),
    ...(address.trim() ? { address: address.trim() } : {}),
  };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function headerOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

function bodyOf(text: string): ExplainRequest['body'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as ExplainRequest['body'])
      : undefined;
  } catch {
    return undefined;
  }
}
