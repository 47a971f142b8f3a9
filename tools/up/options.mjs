import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../bootstrap.mjs';
import { Problem } from '../services/problem.mjs';

/** What `npm run up -- --help` prints. */
export const help = `Starts Penstock: Postgres, Redis, control plane, worker, gateway and console.

  npm run up -- [options]

  --port-offset N   add N to every port, to run several beside each other (default 0)
  --data DIR        where data, secrets and logs are kept (default .penstock)
  --no-demo         create no demo provider, proxy and key
  --reset           forget everything that --data holds from earlier runs, then start
  --detach          return as soon as everything is ready; stop with: npm run down
  --help            this text

Used when set: DATABASE_URL, REDIS_URL (instead of the embedded ones), GATEWAY_WORKERS, LOG_LEVEL, and
OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY, MISTRAL_API_KEY, VLLM_BASE_URL (added as providers on the first run).`;

const definitions = {
  'port-offset': { type: 'string', default: '0' },
  data: { type: 'string', default: '.penstock' },
  'no-demo': { type: 'boolean', default: false },
  reset: { type: 'boolean', default: false },
  detach: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

/** Reads the command line of `npm run up` and `npm run down`. */
export function parseOptions(args) {
  const values = parse(args);
  const portOffset = Number(values['port-offset']);
  if (!Number.isInteger(portOffset) || portOffset < 0 || portOffset > 47_000) {
    throw new Problem(`--port-offset must be a whole number from 0 to 47000, not "${String(values['port-offset'])}".`);
  }
  return {
    portOffset,
    data: path.resolve(root, values.data),
    demo: !values['no-demo'],
    reset: values.reset,
    detach: values.detach,
    help: values.help,
  };
}

function parse(args) {
  try {
    return parseArgs({ args, options: definitions, allowPositionals: false }).values;
  } catch (error) {
    throw new Problem(`${error.message.split('. ')[0]}; see npm run up -- --help.`);
  }
}
