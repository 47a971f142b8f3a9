import { describe, expect, it } from '@jest/globals';
import { redactSecrets } from './redact-secrets.ts';

describe('a support bundle', () => {
  it('holds nothing that is a secret by its name or by its looks', () => {
    const secrets = [
      'psk_abcdefgh_12345678',
      'pat_abcdefgh12345678',
      'sk-proj-0123456789abcdef',
      'Bearer abcdefghijkl',
    ];
    const redacted = redactSecrets({
      texts: secrets.map((secret) => `before ${secret} after`),
      params: {
        apiKey: 'plain',
        api_key: 'plain',
        password: 'plain',
        nested: [{ clientSecret: 'plain' }],
        tokens: ['plain'],
      },
      url: 'https://user:hunter2@example.com/v1',
    });
    const text = JSON.stringify(redacted);
    for (const secret of [...secrets, 'plain', 'hunter2']) expect(text).not.toContain(secret);
    expect(text).toContain('before [redacted] after');
    expect(text).toContain('@example.com/v1');
  });

  it('keeps everything else as it is', () => {
    const kept = {
      spec: {
        maxTokensField: 'max_tokens',
        promptTokens: { location: 'payload' },
        authHeader: 'Authorization',
        limits: [{ max: 5 }],
      },
      credential: { lastFour: 'abcd' },
      apiKey: '{{ secret "vendor" }}',
      none: null,
    };
    expect(redactSecrets(kept)).toEqual(kept);
  });
});
