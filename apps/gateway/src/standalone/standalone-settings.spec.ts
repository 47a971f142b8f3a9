import { describe, expect, it } from '@jest/globals';
import { readStandaloneSettings } from './standalone-settings.ts';

describe('readStandaloneSettings', () => {
  it('refuses to start without a token unless everybody may call', () => {
    expect(() => readStandaloneSettings({ BEARER_TOKEN: ' ' })).toThrow('BEARER_TOKEN is empty');
    expect(readStandaloneSettings({ ALLOW_ANONYMOUS: 'true' }).bearerToken).toBeUndefined();
  });

  it('has defaults, matches keys in any case, and ignores others', () => {
    expect(readStandaloneSettings({ bearer_token: 't', Log_Level: 'WARNING', UNKNOWN: 'x' })).toEqual({
      host: '127.0.0.1',
      port: 8000,
      operationsPort: 8081,
      upstreamUrl: 'http://127.0.0.1:18000',
      requestTimeoutMs: 600_000,
      defaultModelId: undefined,
      bearerToken: 't',
      requestsPerMinute: 60,
      maxBodyBytes: 1_048_576,
      circuitBreaker: { consecutiveFailures: 5, openMs: 30_000 },
      logLevel: 'warn',
    });
  });

  it.each([
    { SERVER_PORT: '70000' },
    { RATE_LIMIT_RPM: '-1' },
    { RATE_LIMIT_RPM: '1e3' },
    { VLLM_UPSTREAM_URL: 'ftp://x' },
    { VLLM_UPSTREAM_URL: 'nonsense' },
  ])('refuses %j', (env) => expect(() => readStandaloneSettings({ BEARER_TOKEN: 't', ...env })).toThrow());

  it('switches the circuit breaker off', () => {
    const settings = readStandaloneSettings({ BEARER_TOKEN: 't', CIRCUIT_BREAKER_ENABLED: 'false' });
    expect(settings.circuitBreaker.consecutiveFailures).toBe(0);
  });
});
