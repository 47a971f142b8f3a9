// `npm run up`: one command from a fresh clone (needs only Node 20 and npm). Ctrl-C stops everything.
import { fileURLToPath } from 'node:url';
import { bootstrap, fail } from './bootstrap.mjs';
import { createProgress } from './progress.mjs';
import { help, parseOptions } from './up/options.mjs';

const script = fileURLToPath(import.meta.url);
const progress = createProgress('up');

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) console.log(help);
  else await bootstrap(script, progress.say, () => start(options));
} catch (error) {
  fail(error);
}

async function start(options) {
  if (options.detach) {
    const { runDetached } = await import('./up/detach.mjs');
    return runDetached(script, options);
  }
  const { run } = await import('./up/run.mjs');
  return run(options, progress);
}
