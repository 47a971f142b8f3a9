import { hostname } from 'node:os';
import path from 'node:path';
import {
  createRedisConnection,
  createSnapshotSource,
  HeartbeatReporter,
  type SnapshotSource,
} from '@penstock/config-sync';
import { limiterRedisOptions, MemoryRateLimiter, type RateLimiter, RedisRateLimiter } from '@penstock/rate-limiting';
import { deriveInternalToken, type DerivedKeys } from '@penstock/secrets';
import type { Logger } from '@penstock/telemetry';
import { createUsageSink, type SpooledUsageSink } from '@penstock/usage';
import { Redis } from 'ioredis';
import type { Backends, BackendsFactory, GatewayState } from './backends.ts';
import type { GatewaySettings } from './config/gateway-settings.ts';
import type { KeyAccounts } from './endpoints/key-accounts.ts';
import { RedisAnswerStore } from './redis-answer-store.ts';
import { RedisSimilarAnswers } from './redis-similar-answers.ts';
import { LedgerReseedAnswer } from './ledger-reseed-answer.ts';
import { RedisKeyAccounts } from './redis-key-accounts.ts';

export interface ConnectedBackendsOptions {
  readonly settings: GatewaySettings;
  readonly instanceId: string;
  readonly keys: DerivedKeys;
  readonly logger: Logger;
}

const clock = { now: (): number => Date.now() };
const VERSION = '0.1.0';
/** Epoch ms; the clock by which the sink tells its oldest event. */
const steadyNow = (): number => performance.timeOrigin + performance.now();

/** Redis for snapshots, limits, usage and heartbeats; without it, the last known good snapshot and local limits. */
export function connectedBackends(options: ConnectedBackendsOptions): BackendsFactory {
  return (hooks) => {
    const { settings, logger } = options;
    const redis = settings.redisUrl === undefined ? undefined : createRedisConnection(settings.redisUrl);
    redis?.on('error', () => undefined);
    const sink = createSink(options, redis ?? closedConnection());
    const state = {
      describe: hooks.describe,
      degraded: () => limiter.rateLimiter.degraded,
      sink,
      reseed: new LedgerReseedAnswer({
        hold: () => {
          limiter.holdSettlements();
          sink.hold();
        },
        release: () => {
          limiter.releaseSettlements();
          sink.release();
        },
        restore: () => limiter.restore(),
        onAnswer: () => void heartbeat.beat(),
        onFault: (error) => logger.debug({ err: error }, 'what requests hold could not be told to Redis'),
        now: steadyNow,
      }),
    };
    const heartbeat = createHeartbeat(options, redis, state);
    const limiter = createLimiter(settings, () => heartbeat.liveInstances(), {
      logger,
      onDegradedAdmission: hooks.onDegradedAdmission,
      onUnseeded: () => void heartbeat.beat(),
    });
    const answers = createAnswers(settings, logger);
    const similarAnswers = createSimilarAnswers(settings, logger);
    return {
      limiter: limiter.rateLimiter,
      sink,
      accounts: limiter.accounts,
      answers,
      similarAnswers,
      source: createSource(options, hooks),
      start: () => {
        redis?.connect().catch(() => undefined);
        redis?.on('ready', () => void heartbeat.beat());
        heartbeat.start();
      },
      reportState: () => void heartbeat.beat(),
      close: async () => {
        await heartbeat.stop();
        await limiter.close();
        await sink.close();
        answers?.close();
        similarAnswers?.close();
        redis?.disconnect();
      },
    } satisfies Backends;
  };
}

function createSource(options: ConnectedBackendsOptions, hooks: Parameters<BackendsFactory>[0]): SnapshotSource {
  const { settings, keys, logger } = options;
  return createSnapshotSource({
    redis: settings.redisUrl,
    httpUrl: settings.controlPlaneUrl,
    httpToken: settings.internalToken ?? deriveInternalToken(keys),
    file: path.join(settings.dataDirectory, 'snapshot.json'),
    keys,
    events: {
      apply: hooks.apply,
      onRefusal: hooks.refuse,
      onFault: (fault) => logger.debug(fault, 'a source of snapshots could not be used'),
    },
  });
}

function createSink({ settings, instanceId, logger }: ConnectedBackendsOptions, redis: Redis): SpooledUsageSink {
  return createUsageSink({
    directory: path.join(settings.dataDirectory, 'spool'),
    instanceId,
    redis,
    clock,
    onDropped: (cause) => logger.error({ err: cause }, 'a usage event was lost'),
    onNearlyFull: (share) =>
      logger.error({ share }, 'the usage spool fills up: usage is not taken by Redis or by workers'),
    onError: (error) => logger.debug({ err: error }, 'usage could not be shipped; it stays on the spool'),
    onAdopted: (directories) => logger.info({ directories }, 'took over the usage of processes that died'),
    onDamaged: (file) => logger.error({ file }, 'a line of a spool could not be read'),
    onShipAgain: (events) => logger.warn({ events }, 'Redis lost usage events; they are shipped again'),
  });
}

function createHeartbeat(
  { instanceId, logger }: ConnectedBackendsOptions,
  redis: Redis | undefined,
  state: ReportedState,
): HeartbeatReporter {
  const startedAt = new Date().toISOString();
  return new HeartbeatReporter({
    redis,
    instanceId,
    onFault: (error) => logger.debug({ err: error }, 'the heartbeat could not be sent'),
    onLedgerReseed: (token) => state.reseed.hear(token),
    describe: () => ({
      ...stateOf(state.describe()),
      instanceId,
      hostname: hostname(),
      pid: process.pid,
      version: VERSION,
      startedAt,
      limiterDegraded: state.degraded(),
      spooledEvents: state.sink.pending,
      ...ledgerStateOf(state),
    }),
  });
}

/** What a heartbeat is made of. */
interface ReportedState {
  readonly describe: () => GatewayState;
  readonly degraded: () => boolean;
  readonly sink: SpooledUsageSink;
  readonly reseed: LedgerReseedAnswer;
}

/** The answer first: what is recorded after it was read is younger. */
function ledgerStateOf({ sink, reseed: { answer } }: ReportedState) {
  const oldestAtMs = sink.oldestPendingAtMs;
  return {
    ledgerReseed: answer && { token: answer.token, heardAt: new Date(answer.heardAtMs).toISOString() },
    oldestSpooledAt: oldestAtMs === null ? null : new Date(oldestAtMs).toISOString(),
  };
}

interface ConnectedLimiter {
  readonly rateLimiter: RateLimiter;
  readonly accounts: KeyAccounts | null;
  holdSettlements(): void;
  releaseSettlements(): void;
  /** See {@link RedisRateLimiter.restore} and {@link RedisRateLimiter.settlementsTold}. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** No worker sees such a gateway. */
const withoutRedis = {
  accounts: null,
  holdSettlements: () => undefined,
  releaseSettlements: () => undefined,
  restore: async () => undefined,
};

interface LimiterReports {
  readonly logger: Logger;
  readonly onDegradedAdmission: (unit: string) => void;
  readonly onUnseeded: () => void;
}

function createLimiter(
  { redisUrl, limiterDeadlineMs, limiterLeaseMs }: GatewaySettings,
  instances: () => number,
  { logger, onDegradedAdmission, onUnseeded }: LimiterReports,
): ConnectedLimiter {
  if (redisUrl === undefined) {
    const rateLimiter = new MemoryRateLimiter({ clock, share: () => 1 });
    return { ...withoutRedis, rateLimiter, close: () => rateLimiter.close() };
  }
  const redis = new Redis(redisUrl, limiterRedisOptions);
  redis.on('error', () => undefined);
  const fallback = new MemoryRateLimiter({ clock, share: () => 1 / Math.max(1, instances()) });
  const rateLimiter = new RedisRateLimiter({
    redis,
    fallback,
    instances,
    clock,
    deadlineMs: limiterDeadlineMs,
    leaseMs: limiterLeaseMs,
    onDegradedAdmission,
    onUnseeded,
    onDegraded: (degraded) =>
      logger.warn({ degraded }, degraded ? 'limits are decided locally' : 'Redis decides limits again'),
  });
  return {
    rateLimiter,
    accounts: new RedisKeyAccounts(redis),
    holdSettlements: () => rateLimiter.holdSettlements(),
    releaseSettlements: () => rateLimiter.releaseSettlements(),
    restore: async () => {
      await rateLimiter.restore();
      await rateLimiter.settlementsTold();
    },
    close: async () => {
      await rateLimiter.close();
      redis.disconnect();
    },
  };
}

/** Without Redis usage stays on the spool until a gateway with Redis takes it over. */
function closedConnection(): Redis {
  const redis = createRedisConnection({});
  redis.disconnect();
  return redis;
}

function createAnswers({ redisUrl }: GatewaySettings, logger: Logger): RedisAnswerStore | null {
  if (redisUrl === undefined) return null;
  return new RedisAnswerStore(redisUrl, (error) => logger.debug({ err: error }, 'kept answers could not be reached'));
}

function createSimilarAnswers({ redisUrl }: GatewaySettings, logger: Logger): RedisSimilarAnswers | null {
  if (redisUrl === undefined) return null;
  return new RedisSimilarAnswers(redisUrl, (error) =>
    logger.debug({ err: error }, 'kept answers to similar requests could not be reached'),
  );
}

function stateOf(state: GatewayState) {
  return {
    appliedRevision: state.appliedRevision,
    appliedChecksum: state.appliedChecksum,
    appliedAt: state.appliedAt === null ? null : new Date(state.appliedAt).toISOString(),
    refusal: state.refusal && { ...state.refusal, reason: state.refusal.reason.slice(0, 2000) },
    quarantined: state.quarantined
      .slice(0, 100)
      .map(({ kind, name, reason }) => ({ kind, name, reason: reason.slice(0, 500) })),
    inFlight: state.inFlight,
    draining: state.draining,
  };
}
