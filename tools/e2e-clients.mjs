// `npm run e2e:clients`: coding agents and big SDKs against a gateway (needs only Node 20 and npm).
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { createProgress } from './progress.mjs';

const progress = createProgress('e2e:clients');

if (process.argv.includes('--help')) {
  console.log(`npm run e2e:clients

Runs Claude Code, Codex and the SDKs that are too big for \`npm test\` against a gateway with a simulated model behind it. They
are installed once, below .penstock/clients at the versions of e2e/agents/packages (0.9 GB) and below .penstock/clients-python at
those of e2e/agents/python (0.4 GB). Nothing of your own settings is used, and nothing is sent to a vendor.`);
} else {
  await bootstrap(fileURLToPath(import.meta.url), progress.say, async () => {
    const { run } = await import('./e2e-clients/run.mjs');
    process.exitCode = (await run(progress)) ? 0 : 1;
  });
}
