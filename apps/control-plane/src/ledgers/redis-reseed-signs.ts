import { readHeartbeats } from '@penstock/config-sync';
import { type GatewayHeartbeat, redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import type { PrismaClient } from '../prisma/generated/client.ts';
import type { ReseedSigns } from './reseed-signs.ts';

/** A gateway that was noted so shortly before the newest note should be heard of again; the clocks of gateways may differ. */
const KNOWN_FOR_MS = 60_000;
/** A worker that dies asks no longer than this. */
const CALL_LIFE_MS = 30_000;

/** Heartbeats and the usage stream in Redis, and the gateways that Postgres remembers. */
export class RedisReseedSigns implements ReseedSigns {
  readonly #redis: Redis;
  readonly #client: PrismaClient;

  constructor({ redis, client }: { readonly redis: Redis; readonly client: PrismaClient }) {
    this.#redis = redis;
    this.#client = client;
  }

  heartbeats(): Promise<GatewayHeartbeat[]> {
    return readHeartbeats(this.#redis);
  }

  /** However long Redis was down: those that lived when it was last there still have usage to tell. */
  async knownGateways(): Promise<string[]> {
    const { _max: newest } = await this.#client.gatewayInstance.aggregate({ _max: { lastHeartbeatAt: true } });
    const lastMs = Math.min(Date.now(), newest.lastHeartbeatAt?.getTime() ?? Date.now());
    const known = await this.#client.gatewayInstance.findMany({
      where: { lastHeartbeatAt: { gte: new Date(lastMs - KNOWN_FOR_MS) } },
      select: { id: true },
    });
    return known.map(({ id }) => id);
  }

  async call(token: string): Promise<void> {
    await this.#redis.set(redisNames.ledgerReseed, token, 'PX', CALL_LIFE_MS);
  }

  async keepCalling(token: string): Promise<boolean> {
    if ((await this.#redis.get(redisNames.ledgerReseed)) !== token) return false;
    return (await this.#redis.pexpire(redisNames.ledgerReseed, CALL_LIFE_MS)) === 1;
  }

  async endCall(token: string): Promise<void> {
    if ((await this.#redis.get(redisNames.ledgerReseed)) === token) await this.#redis.del(redisNames.ledgerReseed);
  }

  async streamEnd(): Promise<string | null> {
    if ((await this.#redis.exists(redisNames.usageStream)) === 0) return null;
    const stream = fieldsOf(await this.#redis.call('XINFO', 'STREAM', redisNames.usageStream));
    return String(stream.get('last-generated-id'));
  }

  async isCommitted(streamId: string): Promise<boolean> {
    const { usageStream, usageConsumerGroup } = redisNames;
    if ((await this.#redis.exists(usageStream)) === 0) return true;
    const groups = (await this.#redis.call('XINFO', 'GROUPS', usageStream)) as unknown[];
    const group = groups.map(fieldsOf).find((fields) => fields.get('name') === usageConsumerGroup);
    if (!group || isOlder(String(group.get('last-delivered-id')), streamId)) return false;
    // What was delivered before is in this list until it is committed.
    const [, lowest] = (await this.#redis.xpending(usageStream, usageConsumerGroup)) as unknown[];
    return typeof lowest !== 'string' || isOlder(streamId, lowest);
  }
}

/** Orders ids of a stream: `<ms>-<sequence>`. */
function isOlder(one: string, other: string): boolean {
  const [oneMs = 0, oneSequence = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split('-').map(Number);
  return oneMs < otherMs || (oneMs === otherMs && oneSequence < otherSequence);
}

/** Names and values in turn. */
function fieldsOf(reply: unknown): Map<unknown, unknown> {
  const flat = Array.isArray(reply) ? reply : [];
  return new Map(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]] as const] : [])));
}
