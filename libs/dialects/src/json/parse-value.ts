import { GatewayError } from '@penstock/contracts';

/**
 * Reads a value that the scanner has passed. It may still hold a raw control character, which the scanner does not look for
 * in long strings: then the body is no JSON either.
 */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GatewayError(
      'invalid_json',
      'The body is not valid JSON: a string holds an unescaped control character.',
    );
  }
}
