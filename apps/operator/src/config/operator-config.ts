import { readFileSync } from 'node:fs';
import os from 'node:os';
import { ResourceName } from '@penstock/contracts';
import { z } from 'zod';

const SERVICE_ACCOUNT_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** The environment does not say what it has to say. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const Seconds = (least: number, most: number) => z.coerce.number().min(least).max(most);
const HttpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

const Environment = z.object({
  PENSTOCK_CONTROL_PLANE_URL: HttpUrl,
  PENSTOCK_TOKEN: z.string().min(1).optional(),
  PENSTOCK_TOKEN_FILE: z.string().min(1).optional(),
  /** Names the operator where several share a control plane; part of the mark on its documents. */
  PENSTOCK_OPERATOR_NAME: ResourceName.max(100).default('kubernetes'),
  PENSTOCK_OPERATOR_NAMESPACES: z.string().default(''),
  PENSTOCK_OPERATOR_HOST: z.string().default('127.0.0.1'),
  PENSTOCK_OPERATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(3003),
  PENSTOCK_OPERATOR_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  PENSTOCK_OPERATOR_RESYNC_SECONDS: Seconds(1, 86_400).default(300),
  PENSTOCK_OPERATOR_RETRY_MAX_SECONDS: Seconds(0.1, 3_600).default(60),
  PENSTOCK_OPERATOR_LEADER_ELECTION: Flag.default(true),
  PENSTOCK_OPERATOR_LEASE_SECONDS: Seconds(1, 600).default(15),
  POD_NAMESPACE: z.string().min(1).optional(),
  POD_NAME: z.string().min(1).optional(),
  LOG_LEVEL: z.string().default('info'),
});

export interface OperatorConfig {
  readonly controlPlane: URL;
  /** Read anew at each use: a mounted token is replaced while the process runs. */
  readonly token: () => string;
  readonly name: string;
  /** Undefined: all namespaces. */
  readonly namespaces: readonly string[] | undefined;
  readonly host: string;
  readonly port: number;
  readonly concurrency: number;
  readonly resyncMs: number;
  readonly retryMaxMs: number;
  readonly leaderElection: boolean;
  readonly leaseMs: number;
  /** Where the operator's Lease is. */
  readonly ownNamespace: string;
  /** Tells this replica from others. */
  readonly identity: string;
  readonly logLevel: string;
}

/** Throws {@link ConfigError} with all that is wrong. */
export function readOperatorConfig(environment: NodeJS.ProcessEnv): OperatorConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ConfigError(faults.join('; '));
  }
  const env = parsed.data;
  const namespaces = env.PENSTOCK_OPERATOR_NAMESPACES.split(',').flatMap((name) => name.trim() || []);
  return {
    controlPlane: new URL(env.PENSTOCK_CONTROL_PLANE_URL),
    token: tokenSource(env.PENSTOCK_TOKEN, env.PENSTOCK_TOKEN_FILE),
    name: env.PENSTOCK_OPERATOR_NAME,
    namespaces: namespaces.length > 0 ? namespaces : undefined,
    host: env.PENSTOCK_OPERATOR_HOST,
    port: env.PENSTOCK_OPERATOR_PORT,
    concurrency: env.PENSTOCK_OPERATOR_CONCURRENCY,
    resyncMs: env.PENSTOCK_OPERATOR_RESYNC_SECONDS * 1_000,
    retryMaxMs: env.PENSTOCK_OPERATOR_RETRY_MAX_SECONDS * 1_000,
    leaderElection: env.PENSTOCK_OPERATOR_LEADER_ELECTION,
    leaseMs: env.PENSTOCK_OPERATOR_LEASE_SECONDS * 1_000,
    ownNamespace: env.POD_NAMESPACE ?? serviceAccountNamespace() ?? 'default',
    identity: `${env.POD_NAME ?? os.hostname()}_${crypto.randomUUID().slice(0, 8)}`,
    logLevel: env.LOG_LEVEL,
  };
}

function tokenSource(token: string | undefined, file: string | undefined): () => string {
  if (file === undefined) {
    if (token === undefined) throw new ConfigError('set PENSTOCK_TOKEN_FILE or PENSTOCK_TOKEN to an admin token');
    return () => token;
  }
  const read = (): string => readFileSync(file, 'utf8').trim();
  try {
    read();
  } catch (error) {
    throw new ConfigError(`PENSTOCK_TOKEN_FILE cannot be read: ${(error as Error).message}`);
  }
  return read;
}

function serviceAccountNamespace(): string | undefined {
  try {
    return readFileSync(SERVICE_ACCOUNT_NAMESPACE, 'utf8').trim() || undefined;
  } catch {
    // Not in a pod.
    return undefined;
  }
}
