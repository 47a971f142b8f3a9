// `npm run bench:usage`: how fast usage comes into the database, and how long reports of a month of it take.
import { fileURLToPath } from 'node:url';
import { bootstrap } from '../bootstrap.mjs';
import { createProgress } from '../progress.mjs';

const progress = createProgress('bench:usage');

if (process.argv.includes('--help')) {
  console.log(`npm run bench:usage -- [--events N] [--independent] [--json FILE]

Starts Postgres, Redis, a worker and a control plane of its own, brings N (1000000) events of a month through the Redis stream and
the worker into Postgres, and then times the reports over HTTP, right after loading. --independent draws every name of an event
for itself, so that hardly two events share all of them: the worst case for tables of sums.`);
} else {
  await bootstrap(fileURLToPath(import.meta.url), progress.say, async () => {
    const { benchmarkUsage } = await import('./usage/benchmark-usage.mjs');
    await benchmarkUsage(process.argv.slice(2), progress);
  });
}
