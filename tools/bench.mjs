// `npm run bench`: the gateway beside nginx and another gateway on the same work. Prints ratios; never passes or fails.
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { createProgress } from './progress.mjs';

const progress = createProgress('bench');

if (process.argv.includes('--help')) {
  console.log(`npm run bench -- [--rounds N] [--seconds S] [--only NAME,NAME] [--json FILE]

Measures requests per second, latency, CPU per request and memory of: direct (no proxy), nginx, penstock, penstock with limits
in Redis, and portkey. Needs Linux, gcc and nginx (installed by apt when you are root).`);
} else {
  await bootstrap(fileURLToPath(import.meta.url), progress.say, async () => {
    const { runBenchmark } = await import('./bench/run.mjs');
    await runBenchmark(process.argv.slice(2), progress);
  });
}
