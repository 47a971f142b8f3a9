import { VirtualKey } from '@penstock/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { connect } from '../admin/connection.ts';
import type { CliIo } from '../cli-io.ts';
import { renderFields, writeAnswer } from '../output/render.ts';
import { type Column, renderTable } from '../output/table.ts';
import { readDocuments } from './get.ts';

const PATH = '/virtual-keys';
const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const MAX_GRACE_SECONDS = 604_800;

interface CreateOptions {
  readonly team?: string;
  readonly proxies?: readonly string[];
  readonly models?: readonly string[];
  readonly quotas?: readonly string[];
  readonly expiresAt?: string;
  readonly displayName?: string;
}

const COLUMNS: readonly Column<VirtualKey>[] = [
  { title: 'NAME', value: ({ metadata }) => metadata.name },
  { title: 'STATE', value: ({ status }) => status.state },
  { title: 'KEY', value: ({ status }) => `${status.prefix}…${status.lastFour}` },
  { title: 'TEAM', value: ({ spec }) => spec.team },
  { title: 'PROXIES', value: ({ spec }) => spec.proxies.join(',') },
  { title: 'EXPIRES', value: ({ spec }) => spec.expiresAt ?? '' },
  { title: 'LAST USED', value: ({ status }) => status.lastUsedAt ?? '' },
];

/** `penstock keys create|rotate|revoke|list` */
export function addKeysCommand(program: Command, io: CliIo): void {
  const keys = program.command('keys').description('virtual keys: make, rotate, revoke, list');
  addCreate(keys, io);
  keys
    .command('rotate')
    .description('give a key a new secret, shown once')
    .argument('<name>')
    .option('--grace <duration>', 'how long the old secret goes on working, such as 30m, 24h, 7d', readGrace, 0)
    .addHelpText('after', '\nExample:\n  penstock keys rotate app-1 --grace 24h')
    .action(async (name: string, { grace }: { readonly grace: number }, self: Command) => {
      const path = `${PATH}/${encodeURIComponent(name)}/rotate`;
      const value = await connect(self, io).send({
        method: 'POST',
        path,
        body: json({ graceSeconds: grace }),
        answer: VirtualKey,
      });
      writeAnswer(self, io, { value, asTable: describe });
    });
  keys
    .command('revoke')
    .description('end a key for good')
    .argument('<name>')
    .addHelpText('after', '\nExample:\n  penstock keys revoke app-1')
    .action(async (name: string, _options: unknown, self: Command) => {
      const path = `${PATH}/${encodeURIComponent(name)}/revoke`;
      const value = await connect(self, io).send({ method: 'POST', path, answer: VirtualKey });
      writeAnswer(self, io, { value, asTable: describe });
    });
  keys
    .command('list')
    .description('all keys, without their secrets')
    .option('--search <text>', 'with this in their name')
    .action(async ({ search }: { readonly search?: string }, self: Command) => {
      const { items, total } = await readDocuments(connect(self, io), PATH, search);
      const value = { items: items.map((item) => VirtualKey.parse(item)), total };
      writeAnswer(self, io, { value, asTable: (list) => renderTable(COLUMNS, list.items) });
    });
}

function addCreate(keys: Command, io: CliIo): void {
  keys
    .command('create')
    .description('make a key; its secret is shown once')
    .argument('<name>')
    .option('--team <name>', 'the team it belongs to')
    .option('--proxies <names>', 'proxies it may use, with commas between', readList)
    .option('--models <names>', 'models it may use', readList)
    .option('--quotas <names>', 'quotas that hold for it', readList)
    .option('--expires-at <time>', 'such as 2026-12-31T00:00:00Z')
    .option('--display-name <text>')
    .addHelpText(
      'after',
      '\nExamples:\n  penstock keys create app-1\n  penstock keys create app-2 --team search --proxies shop --quotas small',
    )
    .action(async (name: string, options: CreateOptions, self: Command) => {
      const body = json({ kind: 'VirtualKey', metadata: { name }, spec: { ...options } });
      const value = await connect(self, io).send({ method: 'POST', path: PATH, body, answer: VirtualKey });
      writeAnswer(self, io, { value, asTable: describe });
    });
}

function describe({ metadata, spec, status }: VirtualKey): string {
  const fields = renderFields({
    name: metadata.name,
    state: status.state,
    team: spec.team,
    proxies: spec.proxies.join(', '),
    models: spec.models.join(', '),
    expires: spec.expiresAt ?? 'never',
    ...(status.previousExpiresAt !== null && { 'old secret until': status.previousExpiresAt }),
    ...(status.key !== undefined && { key: status.key }),
  });
  return status.key === undefined ? fields : `${fields}\nKeep the key now: it is not shown again.\n`;
}

function json(value: object) {
  return { type: 'application/json', content: JSON.stringify(value) };
}

function readList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('Give names with commas between them.');
  return names;
}

function readGrace(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS] ?? Number.NaN);
  if (seconds <= MAX_GRACE_SECONDS) return seconds;
  throw new InvalidArgumentError('Give a duration such as 30m, 24h or 7d, 7 days at most.');
}
