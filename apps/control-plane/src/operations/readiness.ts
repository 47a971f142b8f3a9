import type { Redis } from 'ioredis';
import type { PrismaClient } from '../prisma/generated/client.ts';

const DEADLINE_MS = 2_000;

/** Names what cannot be reached now: `postgres`, `redis`. */
export async function unreachable(prisma: PrismaClient, redis: Redis): Promise<{ postgres: boolean; redis: boolean }> {
  const [postgres, cache] = await Promise.all([
    fails(async () => prisma.$queryRaw`SELECT 1`),
    fails(async () => redis.ping()),
  ]);
  return { postgres, redis: cache };
}

async function fails(probe: () => Promise<unknown>): Promise<boolean> {
  const timeout = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => timeout.resolve(true), DEADLINE_MS);
  const failed = probe().then(
    () => false,
    () => true,
  );
  try {
    return await Promise.race([failed, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
