import { redisNames } from '@penstock/contracts';
import { Redis } from 'ioredis';
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { monthOfEvents } from './month-of-events.mjs';

/** As gateways ship them. */
const eventsPerEntry = 100;
/** The stream is filled first, so that making events takes nothing from the worker; so many events at a time. */
const eventsPerRound = 200_000;
const maxSeconds = 900;

/** Fills the stream, lets one worker empty it, and measures that; in rounds, since Redis need not hold a million events. */
export async function loadEvents(stack, { count, untilMs, independent, say }) {
  const redis = new Redis(stack.redisUrl);
  const database = new pg.Client({ connectionString: stack.databaseUrl });
  await database.connect();
  const events = monthOfEvents({ count, untilMs, independent });
  let [worker, consumedMs, loaded] = [undefined, 0, 0];
  while (loaded < count) {
    const added = await fill(redis, events, Math.min(eventsPerRound, count - loaded));
    loaded += added;
    const startedAt = performance.now();
    worker ??= await stack.startWorker();
    await untilStored(database, loaded);
    consumedMs += performance.now() - startedAt;
    say(`${loaded} events, ${Math.round((loaded / consumedMs) * 1000)} a second so far`);
  }
  const rows = await database.query(`
    select string_agg(t || ' ' || pg_size_pretty(pg_total_relation_size(t)), ', ') as sizes
    from unnest(array['usage_rollup', 'usage_day_rollup', 'usage_group_rollup', 'usage_latency']) t`);
  await database.end();
  redis.disconnect();
  const seconds = Math.round(consumedMs / 100) / 10;
  return { perSecond: Math.round((count / consumedMs) * 1000), seconds, rows: rows.rows[0].sizes };
}

async function fill(redis, events, count) {
  let added = 0;
  while (added < count) {
    const pipeline = redis.pipeline();
    for (let entry = 0; entry < 20 && added < count; entry += 1) {
      const lines = linesOf(events, Math.min(eventsPerEntry, count - added));
      if (lines.length === 0) throw new Error('fewer events were made than were asked for');
      added += lines.length;
      pipeline.xadd(redisNames.usageStream, '*', 'event', lines.join('\n'));
    }
    await pipeline.exec();
  }
  return added;
}

function linesOf(events, count) {
  const lines = [];
  while (lines.length < count) {
    const { value, done } = events.next();
    if (done) break;
    lines.push(JSON.stringify(value));
  }
  return lines;
}

/** Asks the smallest table that knows: the sums of everything. */
async function untilStored(database, count) {
  const deadline = Date.now() + maxSeconds * 1_000;
  for (;;) {
    const { rows } = await database.query(
      "select coalesce(sum(requests), 0)::int as stored from usage_group_rollup where dimension = 'all' and width = 1440",
    );
    if (rows[0].stored === count) return;
    if (rows[0].stored > count) throw new Error(`${rows[0].stored} of ${count} events are stored: some count twice`);
    if (Date.now() > deadline) throw new Error(`only ${rows[0].stored} of ${count} events are stored`);
    await delay(50);
  }
}
