import { readHeartbeats } from '@penstock/config-sync';
import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import type { PrismaClient } from '../prisma/generated/client.ts';

/** A gateway that was noted so shortly before the newest note should be heard of again. */
const KNOWN_FOR_MS = 20_000;

/**
 * Tells when all usage up to the moment of its making has come to the database: each gateway that lives has said since then
 * that its spool is empty, and the stream holds nothing that is not committed.
 */
export class UsageInDatabase {
  readonly #redis: Redis;
  readonly #before: ReadonlyMap<string, string>;
  readonly #expected: ReadonlySet<string>;

  private constructor(redis: Redis, before: ReadonlyMap<string, string>, expected: ReadonlySet<string>) {
    this.#redis = redis;
    this.#before = before;
    this.#expected = expected;
  }

  static async from(now: number, { redis, client }: { redis: Redis; client: PrismaClient }): Promise<UsageInDatabase> {
    const beats = await readHeartbeats(redis);
    // However long Redis was down: those that lived when it was last there still have usage to tell.
    const { _max: newest } = await client.gatewayInstance.aggregate({ _max: { lastHeartbeatAt: true } });
    const lastMs = Math.min(now, newest.lastHeartbeatAt?.getTime() ?? now);
    const known = await client.gatewayInstance.findMany({
      where: { lastHeartbeatAt: { gte: new Date(lastMs - KNOWN_FOR_MS) } },
      select: { id: true },
    });
    const before = new Map(beats.map(({ instanceId, sentAt }) => [instanceId, sentAt]));
    return new UsageInDatabase(redis, before, new Set([...before.keys(), ...known.map(({ id }) => id)]));
  }

  /** Rejects when Redis cannot be asked. */
  async reached(): Promise<boolean> {
    const beats = await readHeartbeats(this.#redis);
    const empty = beats.filter(({ instanceId, sentAt, spooledEvents }) => {
      return spooledEvents === 0 && sentAt !== this.#before.get(instanceId);
    });
    const told = new Set(empty.map(({ instanceId }) => instanceId));
    return (
      beats.every(({ instanceId }) => told.has(instanceId)) && this.#expected.isSubsetOf(told) && this.#streamIsRead()
    );
  }

  async #streamIsRead(): Promise<boolean> {
    const { usageStream, usageConsumerGroup } = redisNames;
    if ((await this.#redis.exists(usageStream)) === 0) return true;
    const stream = fieldsOf(await this.#redis.call('XINFO', 'STREAM', usageStream));
    const groups = (await this.#redis.call('XINFO', 'GROUPS', usageStream)) as unknown[];
    const group = groups.map(fieldsOf).find((fields) => fields.get('name') === usageConsumerGroup);
    return group?.get('pending') === 0 && group.get('last-delivered-id') === stream.get('last-generated-id');
  }
}

/** Names and values in turn. */
function fieldsOf(reply: unknown): Map<unknown, unknown> {
  const flat = Array.isArray(reply) ? reply : [];
  return new Map(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]] as const] : [])));
}
