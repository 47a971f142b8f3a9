// `npm test`: everything, from a fresh clone (needs only Node 20 and npm).
import { fileURLToPath } from 'node:url';
import { bootstrap, fail } from './bootstrap.mjs';
import { createProgress } from './progress.mjs';
import { parseOptions } from './test/options.mjs';

const progress = createProgress('test');

try {
  const options = parseOptions(process.argv.slice(2));
  await bootstrap(fileURLToPath(import.meta.url), progress.say, async () => {
    const { run } = await import('./test/run.mjs');
    process.exitCode = (await run(options, progress)) ? 0 : 1;
  });
} catch (error) {
  fail(error);
}
