import { type Environment, EnvironmentError, flag, integer, text } from '../config/environment.ts';

/** The whole configuration of a gateway that stands alone in front of one vLLM. */
export interface StandaloneSettings {
  readonly host: string;
  readonly port: number;
  readonly operationsPort: number;
  readonly upstreamUrl: string;
  readonly requestTimeoutMs: number;
  /** The only model that is listed and accepted; undefined: whatever the server has. */
  readonly defaultModelId: string | undefined;
  /** Undefined: everybody may call. */
  readonly bearerToken: string | undefined;
  /** 0: no limit. */
  readonly requestsPerMinute: number;
  readonly maxBodyBytes: number;
  readonly circuitBreaker: { readonly consecutiveFailures: number; readonly openMs: number };
  readonly logLevel: string;
}

const LEVELS: Readonly<Record<string, string>> = { warning: 'warn', critical: 'fatal' };

/** Reads the environment; keys are matched in any case, unknown ones are ignored. Throws EnvironmentError. */
export function readStandaloneSettings(environment: Environment): StandaloneSettings {
  const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name.toUpperCase(), value]));
  const level = (text(env, 'LOG_LEVEL') ?? 'info').toLowerCase();
  return {
    host: text(env, 'SERVER_HOST') ?? '127.0.0.1',
    port: integer(env, 'SERVER_PORT', 8000, { min: 0, max: 65_535 }),
    operationsPort: integer(env, 'PENSTOCK_GATEWAY_OPERATIONS_PORT', 8081, { min: 0, max: 65_535 }),
    upstreamUrl: upstreamUrl(text(env, 'VLLM_UPSTREAM_URL') ?? 'http://127.0.0.1:18000'),
    requestTimeoutMs: integer(env, 'VLLM_REQUEST_TIMEOUT_S', 600, { min: 1, max: 86_400 }) * 1000,
    defaultModelId: text(env, 'DEFAULT_MODEL_ID'),
    bearerToken: bearerToken(env),
    requestsPerMinute: integer(env, 'RATE_LIMIT_RPM', 60, { min: 0, max: 1_000_000 }),
    maxBodyBytes: integer(env, 'MAX_REQUEST_BODY_BYTES', 1024 * 1024, { min: 1024, max: 1024 ** 3 }),
    circuitBreaker: {
      consecutiveFailures: flag(env, 'CIRCUIT_BREAKER_ENABLED', true)
        ? integer(env, 'CIRCUIT_BREAKER_FAILURE_THRESHOLD', 5, { min: 1, max: 1000 })
        : 0,
      openMs: integer(env, 'CIRCUIT_BREAKER_COOLDOWN_S', 30, { min: 1, max: 3600 }) * 1000,
    },
    logLevel: LEVELS[level] ?? level,
  };
}

function bearerToken(env: Environment): string | undefined {
  const token = text(env, 'BEARER_TOKEN');
  if (token !== undefined || flag(env, 'ALLOW_ANONYMOUS')) return token;
  throw new EnvironmentError('BEARER_TOKEN is empty: set it, or set ALLOW_ANONYMOUS=true to let everybody call.');
}

function upstreamUrl(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new EnvironmentError('VLLM_UPSTREAM_URL must be an http or https URL.');
  }
  return url;
}
