import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSecret } from '@penstock/secrets';
import { z } from 'zod';
import { CidrList } from '../upstream/cidr-list.ts';

const Port = z.coerce.number().int().min(0).max(65_535);
const Host = z.string().min(1).max(255).default('127.0.0.1');
const Days = z.coerce.number().int().min(1).max(3650);

const Environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' }),
  PENSTOCK_CONTROL_PLANE_HOST: Host,
  PENSTOCK_CONTROL_PLANE_PORT: Port.default(3000),
  PENSTOCK_CONTROL_PLANE_OPERATIONS_HOST: Host,
  PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT: Port.default(3001),
  PENSTOCK_WORKER_OPERATIONS_HOST: Host,
  PENSTOCK_WORKER_OPERATIONS_PORT: Port.default(3002),
  PENSTOCK_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  PENSTOCK_GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  PENSTOCK_UPSTREAM_ALLOW_CIDRS: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return CidrList.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be a list of CIDR ranges such as 10.0.0.0/8,::1/128' });
        return z.NEVER;
      }
    }),
  PENSTOCK_ADMIN_EMAIL: z.email().max(254).optional(),
  PENSTOCK_CONSOLE_DIST: z.string().default(path.resolve(import.meta.dirname, '../../../console/dist')),
  PENSTOCK_USAGE_RETENTION_DAYS: Days.default(90),
  PENSTOCK_RECONCILIATION_INTERVAL_SECONDS: z.coerce.number().int().min(5).max(86_400).default(300),
  PENSTOCK_SMTP_FROM: z.string().max(320).optional(),
  LOG_LEVEL: z.string().default('info'),
});

/** How e-mail is sent. */
export interface SmtpConfig {
  /** May hold a password. */
  readonly url: string;
  readonly from: string;
}

/** The environment in Penstock's own words: parsed, bounded, with its defaults. */
export interface ControlPlaneConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Base64 of 32 bytes; every key is derived from it. */
  readonly masterKey: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly operations: { readonly host: string; readonly port: number };
  readonly workerOperations: { readonly host: string; readonly port: number };
  /** Where admins reach the console; https makes the session cookie `Secure`. */
  readonly publicUrl: string | undefined;
  /** Where callers reach the gateways, for the snippets that the console shows. */
  readonly gatewayUrl: string | undefined;
  /** Private and loopback ranges that upstreams may lie in. */
  readonly upstreamAllowList: CidrList;
  /** The owner that is made when there is no user yet. */
  readonly firstOwner: { readonly email: string; readonly password: string } | undefined;
  readonly adminToken: string | undefined;
  readonly internalToken: string | undefined;
  readonly consoleDist: string;
  readonly usageRetentionDays: number;
  readonly reconciliationIntervalMs: number;
  /** The server that e-mail goes through (`smtp://` or `smtps://`, with its credentials) and the sender's address. */
  readonly smtp: SmtpConfig | undefined;
  readonly logLevel: string;
}

/** The environment is unusable; the message lists every variable that is at fault, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the environment. Throws {@link ConfigError}. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ControlPlaneConfig {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(present);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The environment is not usable. ${faults.join('; ')}`);
  }
  const secret = (name: string): string | undefined => readSecret(env, name, (file) => readFileSync(file, 'utf8'));
  const masterKey = secret('PENSTOCK_MASTER_KEY');
  if (!masterKey) throw new ConfigError('PENSTOCK_MASTER_KEY or PENSTOCK_MASTER_KEY_FILE is missing.');
  const values = parsed.data;
  return {
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    masterKey,
    listen: { host: values.PENSTOCK_CONTROL_PLANE_HOST, port: values.PENSTOCK_CONTROL_PLANE_PORT },
    operations: {
      host: values.PENSTOCK_CONTROL_PLANE_OPERATIONS_HOST,
      port: values.PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT,
    },
    workerOperations: { host: values.PENSTOCK_WORKER_OPERATIONS_HOST, port: values.PENSTOCK_WORKER_OPERATIONS_PORT },
    publicUrl: values.PENSTOCK_PUBLIC_URL,
    gatewayUrl: values.PENSTOCK_GATEWAY_URL,
    upstreamAllowList: values.PENSTOCK_UPSTREAM_ALLOW_CIDRS,
    firstOwner: firstOwner(values.PENSTOCK_ADMIN_EMAIL, secret('PENSTOCK_ADMIN_PASSWORD')),
    adminToken: longEnough('PENSTOCK_ADMIN_TOKEN', secret('PENSTOCK_ADMIN_TOKEN')),
    internalToken: longEnough('PENSTOCK_INTERNAL_TOKEN', secret('PENSTOCK_INTERNAL_TOKEN')),
    consoleDist: path.resolve(values.PENSTOCK_CONSOLE_DIST),
    usageRetentionDays: values.PENSTOCK_USAGE_RETENTION_DAYS,
    reconciliationIntervalMs: values.PENSTOCK_RECONCILIATION_INTERVAL_SECONDS * 1000,
    smtp: smtpServer(secret('PENSTOCK_SMTP_URL'), values.PENSTOCK_SMTP_FROM),
    logLevel: values.LOG_LEVEL,
  };
}

const MIN_TOKEN_LENGTH = 16;

function longEnough(name: string, token: string | undefined): string | undefined {
  if (token === undefined || token.length >= MIN_TOKEN_LENGTH) return token;
  throw new ConfigError(`${name} must have at least ${MIN_TOKEN_LENGTH} characters.`);
}

function firstOwner(email: string | undefined, password: string | undefined): ControlPlaneConfig['firstOwner'] {
  if (!email && !password) return undefined;
  if (!email || !password) throw new ConfigError('Set PENSTOCK_ADMIN_EMAIL and PENSTOCK_ADMIN_PASSWORD together.');
  if (password.length < 12) throw new ConfigError('PENSTOCK_ADMIN_PASSWORD must have at least 12 characters.');
  return { email: email.toLowerCase(), password };
}

function smtpServer(url: string | undefined, from: string | undefined): SmtpConfig | undefined {
  if (!url && !from) return undefined;
  if (!url || !from) throw new ConfigError('Set PENSTOCK_SMTP_URL and PENSTOCK_SMTP_FROM together.');
  const valid = /^smtps?:$/.test(URL.canParse(url) ? new URL(url).protocol : '');
  if (!valid) throw new ConfigError('PENSTOCK_SMTP_URL must be a smtp:// or smtps:// URL.');
  if (!from.includes('@') || /[\r\n]/.test(from))
    throw new ConfigError('PENSTOCK_SMTP_FROM must be an e-mail address.');
  return { url, from };
}
