import type { AppliedManifest, ApplyResult, FieldChange } from '@penstock/contracts';
import type { CliIo } from '../cli-io.ts';
import { paint } from '../output/paint.ts';

const SIGNS = {
  created: { sign: '+', color: 'green' },
  changed: { sign: '~', color: 'yellow' },
  deleted: { sign: '-', color: 'red' },
} as const;

/** Control characters, which could do something to a terminal. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/** What an apply did or would do, for people: what stays the same is only counted. */
export function describeResult(io: Pick<CliIo, 'colors'>, { items, dryRun, revision }: ApplyResult): string {
  const shown = items.map((item) => describeItem(io, item)).join('');
  const groups = Map.groupBy(items, ({ result }) => result);
  const counts = [...groups].map(([result, { length }]) => `${length} ${result}`).join(', ');
  const end = dryRun
    ? 'nothing is written: this was a dry run'
    : revision === null
      ? 'no new revision'
      : `revision ${revision}`;
  return `${shown}${counts}; ${end}\n`;
}

function describeItem(io: Pick<CliIo, 'colors'>, { kind, name, result, changes, revealed }: AppliedManifest): string {
  if (result === 'unchanged') return '';
  const { sign, color } = SIGNS[result];
  const head = `${paint(io, color, `${sign} ${kind} ${name}`)} ${result}\n`;
  const secrets = Object.entries(revealed ?? {}).map(([field, value]) => `    ${field}: ${value}  (shown only now)\n`);
  return `${head}${changes.map((change) => describeChange(io, change)).join('')}${secrets.join('')}`;
}

function describeChange(io: Pick<CliIo, 'colors'>, { field, before, after, secret }: FieldChange): string {
  if (secret) return `    ${field}: another secret\n`;
  const old = before === undefined ? '' : paint(io, 'red', `    - ${field}: ${text(before)}`);
  const fresh = after === undefined ? '' : paint(io, 'green', `    + ${field}: ${text(after)}`);
  return [old, fresh]
    .filter(Boolean)
    .map((line) => `${line}\n`)
    .join('');
}

function text(value: FieldChange['before']): string {
  return JSON.stringify(value).replace(CONTROL, '?');
}
