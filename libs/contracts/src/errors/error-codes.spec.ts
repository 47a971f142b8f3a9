import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES } from './error-codes.ts';
import { GatewayError } from './gateway-error.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/errors.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` \| (\S+) \| `(\w+)` \| (yes|no) \| (.+) \|$/gm)];

describe('ERROR_CODES', () => {
  it('is what docs/errors.md says, code by code', () => {
    const documented = rows.map(([, code, status, type, retry]) => [code, status, type, retry]);
    const defined = Object.entries(ERROR_CODES).map(([code, { status, openaiType, retryable }]) => [
      code,
      code === 'upstream_client_error' ? '4xx' : String(status),
      openaiType,
      retryable ? 'yes' : 'no',
    ]);
    expect(documented).toEqual(defined);
  });

  it('explains every code', () => {
    for (const [, , , , , text] of rows) expect(text?.length).toBeGreaterThan(10);
  });
});

describe('GatewayError', () => {
  it('keeps private detail out of its message', () => {
    const error = new GatewayError('upstream_error', 'The upstream failed.', { cause: new Error('secret') });
    expect([error.status, error.message, JSON.stringify(error).includes('secret')]).toEqual([
      502,
      'The upstream failed.',
      false,
    ]);
  });
});
