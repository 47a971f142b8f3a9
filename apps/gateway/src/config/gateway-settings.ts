import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSecret } from '@penstock/secrets';
import { type Environment, flag, integer, list, text } from './environment.ts';

/** How one gateway runs; what it serves comes with the snapshot. */
export interface GatewaySettings {
  readonly host: string;
  readonly port: number;
  readonly operationsHost: string;
  readonly operationsPort: number;
  /** Processes that share the port. */
  readonly workers: number;
  /** Base64 of 32 bytes. */
  readonly masterKey: string | undefined;
  /** Undefined: no Redis; the last known good snapshot and local limits are used. */
  readonly redisUrl: string | undefined;
  /** Second source of snapshots. */
  readonly controlPlaneUrl: string | undefined;
  readonly internalToken: string | undefined;
  /** For the spool and the last known good snapshot. */
  readonly dataDirectory: string;
  readonly maxBodyBytes: number;
  /** Bound of an answer under a hard limit, where neither the caller nor the model has one; tokens. */
  readonly defaultMaxOutputTokens: number;
  /** Private ranges in which upstreams may be. */
  readonly upstreamAllowRanges: readonly string[];
  /** Requests in work at once per process; further ones are shed. */
  readonly maxInFlight: number;
  /** How long a request may wait for Redis to decide its limits. */
  readonly limiterDeadlineMs: number;
  /** How long what a request holds outlives a gateway that died; held by a running one it is renewed. */
  readonly limiterLeaseMs: number;
  /** From SIGTERM until no new connections are accepted, so that load balancers notice. */
  readonly drainDelayMs: number;
  /** How long requests in work may then take. */
  readonly drainTimeoutMs: number;
  /** Requests that the process sends to itself before it is ready. */
  readonly warmUpRequests: number;
  readonly accessLog: boolean;
  readonly logLevel: string;
}

const PORTS = { min: 0, max: 65_535 };
const DAY_MS = 86_400_000;

/** Reads the environment. Throws EnvironmentError or SecretSourceError. */
export function readGatewaySettings(env: Environment): GatewaySettings {
  const secret = (name: string): string | undefined => readSecret(env, name, (file) => readFileSync(file, 'utf8'));
  return {
    host: text(env, 'PENSTOCK_GATEWAY_HOST') ?? '127.0.0.1',
    port: integer(env, 'PENSTOCK_GATEWAY_PORT', 8080, PORTS),
    operationsHost: text(env, 'PENSTOCK_GATEWAY_OPERATIONS_HOST') ?? '127.0.0.1',
    operationsPort: integer(env, 'PENSTOCK_GATEWAY_OPERATIONS_PORT', 8081, PORTS),
    workers: integer(env, 'GATEWAY_WORKERS', 1, { min: 1, max: 256 }),
    masterKey: secret('PENSTOCK_MASTER_KEY'),
    redisUrl: secret('REDIS_URL'),
    controlPlaneUrl: text(env, 'PENSTOCK_CONTROL_PLANE_URL'),
    internalToken: secret('PENSTOCK_INTERNAL_TOKEN'),
    dataDirectory: path.resolve(text(env, 'PENSTOCK_DATA_DIR') ?? '.penstock/gateway'),
    maxBodyBytes: integer(env, 'PENSTOCK_MAX_BODY_BYTES', 32 * 1024 * 1024, { min: 1024, max: 1024 ** 3 }),
    defaultMaxOutputTokens: integer(env, 'PENSTOCK_DEFAULT_MAX_OUTPUT_TOKENS', 4096, { min: 1, max: 100_000_000 }),
    upstreamAllowRanges: list(env, 'PENSTOCK_UPSTREAM_ALLOW_CIDRS'),
    maxInFlight: integer(env, 'PENSTOCK_MAX_IN_FLIGHT', 10_000, { min: 1, max: 1_000_000 }),
    limiterDeadlineMs: integer(env, 'PENSTOCK_LIMITER_DEADLINE_MS', 50, { min: 1, max: 10_000 }),
    // Requests renew what they hold every 20 s.
    limiterLeaseMs: integer(env, 'PENSTOCK_LIMITER_LEASE_MS', 60_000, { min: 30_000, max: DAY_MS }),
    drainDelayMs: integer(env, 'PENSTOCK_DRAIN_DELAY_MS', 5000, { min: 0, max: DAY_MS }),
    drainTimeoutMs: integer(env, 'PENSTOCK_DRAIN_TIMEOUT_MS', 120_000, { min: 0, max: DAY_MS }),
    warmUpRequests: integer(env, 'PENSTOCK_WARM_UP_REQUESTS', 400, { min: 0, max: 100_000 }),
    accessLog: flag(env, 'PENSTOCK_ACCESS_LOG'),
    logLevel: text(env, 'LOG_LEVEL') ?? 'info',
  };
}
