// `npm run penstock -- …` and `npx penstock …`: the command line, run from its source by the pinned Node.
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';

await bootstrap(fileURLToPath(import.meta.url), (text) => console.error(text), start);

async function start() {
  const { runCli } = await import('../apps/cli/src/run-cli.ts');
  const { processIo } = await import('../apps/cli/src/cli-io.ts');
  process.exitCode = await runCli(process.argv.slice(2), processIo());
}
