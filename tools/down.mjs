// `npm run down`: stops what `npm run up` started on this data folder.
import { fail } from './bootstrap.mjs';
import { isAlive, stopPid } from './services/child.mjs';
import { runningOwner } from './up/data-directory.mjs';
import { parseOptions } from './up/options.mjs';

const shutdownMs = 120_000; // the gateway drains, then five servers stop one after the other

try {
  const { data } = parseOptions(process.argv.slice(2));
  const pid = runningOwner(data);
  if (!pid) {
    console.log(`Nothing runs on ${data}.`);
  } else {
    await stopPid(pid, { timeoutMs: shutdownMs });
    console.log(isAlive(pid) ? `Process ${pid} had to be killed.` : 'Penstock has stopped.');
  }
} catch (error) {
  fail(error);
}
