// `npm run bench:config`: how fast a large config compiles and swaps in, and what requests notice of it.
import { fileURLToPath } from 'node:url';
import { bootstrap } from '../bootstrap.mjs';
import { createProgress } from '../progress.mjs';

const progress = createProgress('bench:config');

if (process.argv.includes('--help')) {
  console.log(`npm run bench:config -- [--proxies N] [--keys N] [--rate N] [--rounds N] [--json FILE]

Starts Redis and a gateway of its own and publishes a config of 1000 proxies (three models and four policies each), 50 providers
and 10000 keys. While 200 requests a second go through the gateway, at fixed times whatever it answers, the config changes again
and again: one proxy, one key, then everything. Prints the time from publishing to the swap, the longest pause of the gateway's
event loop, and latencies without and with changes side by side.`);
} else {
  await bootstrap(fileURLToPath(import.meta.url), progress.say, async () => {
    const { benchmarkConfig } = await import('./config/benchmark-config.mjs');
    await benchmarkConfig(process.argv.slice(2), progress);
  });
}
