/** Bytes of English text, code and JSON per token, a little below what the tokenizers in use reach, so as to err upwards. */
const BYTES_PER_TOKEN = 3.5;

/**
 * About how many tokens a text of so many UTF-8 bytes has: bytes / 3.5, rounded up. An under-estimate is possible (scripts
 * other than Latin take up to one token for a byte); limits settle the difference.
 */
export function estimateTokens(bytes: number): number {
  return Math.ceil(Math.max(0, bytes) / BYTES_PER_TOKEN);
}

/**
 * More tokens than this a text of so many UTF-8 bytes cannot have under a byte-level tokenizer: one for each byte. Text that a
 * server adds (chat template, tool schemas) is not part of it.
 */
export function maxTokens(bytes: number): number {
  return Math.max(0, Math.ceil(bytes));
}
