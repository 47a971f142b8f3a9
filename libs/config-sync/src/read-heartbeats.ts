import { GatewayHeartbeat, redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';

/** The last heartbeat of every instance that lives, by instance id. Rejects when Redis cannot be reached. */
export async function readHeartbeats(redis: Redis): Promise<GatewayHeartbeat[]> {
  const ids = await redis.zrange(redisNames.gatewayInstances, '0', '-1');
  const texts = await Promise.all(ids.map((id) => redis.get(redisNames.gatewayHeartbeat(id))));
  return texts
    .flatMap((text) => (text === null ? [] : parseHeartbeat(text)))
    .sort((first, second) => (first.instanceId < second.instanceId ? -1 : 1));
}

/** Empty for what is not a heartbeat, such as that of another release. */
function parseHeartbeat(text: string): GatewayHeartbeat[] {
  try {
    const result = GatewayHeartbeat.safeParse(JSON.parse(text));
    return result.success ? [result.data] : [];
  } catch {
    return [];
  }
}
