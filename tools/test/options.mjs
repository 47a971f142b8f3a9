import { parseArgs } from 'node:util';
import { Problem } from '../services/problem.mjs';

/** What `npm test -- --help` prints. */
export const help = (names) => `Runs everything: checks, types, unit, integration, end-to-end and browser tests.

  npm test -- [options]

  --only STAGE[,STAGE]   only these stages, of: ${names.join(', ')}
  --verbose              show the output of every stage, not only of those that fail
  --help                 this text`;

/** Reads the command line of `npm test`. */
export function parseOptions(args) {
  const options = { only: { type: 'string' }, verbose: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };
  try {
    const { values } = parseArgs({ args, options });
    return { only: values.only?.split(','), verbose: values.verbose ?? false, help: values.help ?? false };
  } catch (error) {
    throw new Problem(`${error.message.split('. ')[0]}; see npm test -- --help.`);
  }
}

/** The stages that were asked for. */
export function choose(stages, only) {
  const names = stages.map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown) throw new Problem(`There is no stage "${unknown}"; the stages are ${names.join(', ')}.`);
  return only ? stages.filter(({ name }) => only.includes(name)) : stages;
}
