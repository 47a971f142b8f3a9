import { parseArgs } from 'node:util';
import { Problem } from '../services/problem.mjs';

/** What `node tools/catalog/convert.mjs --help` prints. */
export const help = `Makes the price catalog that comes with a release.

  node tools/catalog/convert.mjs --from FILE --source TEXT --date DAY [--to FILE]

  --from FILE    LiteLLM's model_prices_and_context_window.json
  --source TEXT  what it is: project, file, and its release or commit
  --date DAY     the day of the file, such as 2026-11-21
  --to FILE      the catalog (default apps/control-plane/data/price-catalog.json)`;

const definitions = {
  from: { type: 'string' },
  source: { type: 'string' },
  date: { type: 'string' },
  to: { type: 'string', default: 'apps/control-plane/data/price-catalog.json' },
  help: { type: 'boolean', short: 'h', default: false },
};

/**
 * Reads the command line of the conversion. Throws a `Problem` that says what is wrong.
 *
 * @returns {{ help: boolean, from: string, source: string, date: string, to: string }}
 */
export function parseOptions(args) {
  const values = parse(args);
  if (values.help) return values;
  for (const name of ['from', 'source', 'date']) {
    if (!values[name]) throw new Problem(`--${name} is missing.\n\n${help}`);
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(values.date)) throw new Problem(`--date must be a day such as 2026-11-21.`);
  return values;
}

function parse(args) {
  try {
    return parseArgs({ args, options: definitions, strict: true }).values;
  } catch (error) {
    throw new Problem(`${error.message}\n\n${help}`);
  }
}
