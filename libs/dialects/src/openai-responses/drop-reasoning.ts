import { parseFaithfully } from '../json/parse-faithfully.ts';
import { arrayOf, objectOf } from './json-fields.ts';

/** How OpenAI says that encrypted reasoning was made by another account or model. */
const FOREIGN_REASONING = /invalid_encrypted_content|could not be (?:verified|decrypted)/i;

/** Whether an upstream refused a request for the encrypted reasoning in it (400, `invalid_encrypted_content`). */
export function refusesReasoning(status: number, body: string): boolean {
  return status === 400 && FOREIGN_REASONING.test(body);
}

/** The request without the reasoning of earlier turns, everything else unchanged; null when it holds none. */
export function dropReasoning(body: Buffer): Buffer | null {
  const request = objectOf(parseFaithfully(body.toString('utf8')));
  const items = arrayOf(request?.['input']);
  const input = items.filter((item) => objectOf(item)?.['type'] !== 'reasoning');
  return input.length === items.length ? null : Buffer.from(JSON.stringify({ ...request, input }));
}
