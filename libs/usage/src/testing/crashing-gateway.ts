import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { Redis } from 'ioredis';
import { createUsageSink } from '../create-usage-sink.ts';
import { sampleEvent, sampleOpen } from './sample-usage.ts';

/**
 * A gateway that records usage until it is killed; started by `usage-crash.int-spec.ts` as a process of its own. It writes a line
 * for each thing that it acknowledged: `open <id>` or `final <id>`. Every seventh request never ends.
 */
const [directory = '', url = ''] = process.argv.slice(2);
const redis = new Redis(url, { retryStrategy: () => 50 });
redis.on('error', () => undefined);
const sink = createUsageSink({
  directory,
  instanceId: `gateway-${process.pid}`,
  redis,
  clock: { now: () => Date.now() },
  segmentBytes: 64 * 1024,
});

let count = 0;
let opened: string[] = [];

function writeSome(): void {
  // An open record is on the disk one turn after it was made.
  for (const id of opened) fs.writeSync(1, `open ${id}\n`);
  opened = [];
  for (let index = 0; index < 20; index += 1) {
    const id = randomUUID();
    const usage = sink.open(sampleOpen({ id }));
    opened.push(id);
    count += 1;
    if (count % 7 === 0) continue;
    sink.record(sampleEvent({ id }), usage, () => fs.writeSync(1, `final ${id}\n`));
  }
  setImmediate(writeSome);
}

writeSome();
