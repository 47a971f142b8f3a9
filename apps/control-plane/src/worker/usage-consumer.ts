import { hostname } from 'node:os';
import type { UsageEvent } from '@penstock/contracts';
import { UsageStreamConsumer } from '@penstock/usage';
import { storeUsageEvents } from '../usage/usage-store.ts';
import { isPermanent } from './is-permanent.ts';
import type { UsageListener } from './usage-listener.ts';
import type { WorkerParts } from './worker-parts.ts';

type ConsumerParts = Pick<WorkerParts, 'redis' | 'prisma' | 'logger' | 'metrics'>;

/** What brings usage from the stream to the database and then to those who listen. */
export function createUsageConsumer(parts: ConsumerParts, listeners: readonly UsageListener[]): UsageStreamConsumer {
  const { redis, prisma, logger, metrics } = parts;
  const stored = metrics
    .counter('penstock_worker_usage_events_total', 'Usage events committed, repeated ones included')
    .with({});
  const poison = metrics
    .counter('penstock_worker_poison_events_total', 'Entries of the usage stream that could not be stored')
    .with({});
  // Two commits run at a time. Listeners are told of one after the other, so that what they write last is what was true last.
  let told = Promise.resolve();
  const commit = async (events: UsageEvent[]): Promise<void> => {
    await storeUsageEvents(prisma, events);
    stored.inc(events.length);
    told = told.then(async () => {
      await Promise.all(listeners.map((listener) => tell(listener, events, parts)));
    });
    await told;
  };
  return new UsageStreamConsumer({
    redis,
    consumer: `worker-${hostname()}`,
    commit,
    isPermanent,
    clock: { now: () => Date.now() },
    blockMs: 1_000,
    onPoison({ streamId, reason }) {
      poison.inc();
      logger.error({ streamId, reason }, 'A usage event could not be stored; it lies in the dead-letter stream');
    },
    onError: (error) => logger.warn({ err: error }, 'Usage could not be consumed; it is tried again'),
  });
}

/** The events are safe; what is done with them besides must not hold them up. */
async function tell(listener: UsageListener, events: readonly UsageEvent[], { logger }: ConsumerParts): Promise<void> {
  try {
    await listener.committed(events);
  } catch (error) {
    logger.warn({ err: error, listener: listener.name }, 'Usage was stored, but not told to all that wanted to know');
  }
}
