import { stringify } from 'yaml';
import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';

export const FORMATS = ['table', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

/** Writes an answer as the command line asks for: the value itself, or what `asTable` makes of it for people. */
export function writeAnswer<Value>(
  command: Command,
  io: CliIo,
  { value, asTable }: { readonly value: Value; readonly asTable: (value: Value) => string },
): void {
  const { output } = command.optsWithGlobals<{ readonly output: Format }>();
  io.out(render(output, value, asTable));
}

export function render<Value>(format: Format, value: Value, asTable: (value: Value) => string): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(value, null, 2)}\n`;
    case 'yaml':
      return stringify(value, { lineWidth: 0 });
    case 'table':
      return asTable(value);
  }
}

/** `name: value` lines, the values below each other. */
export function renderFields(fields: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `${`${name}:`.padEnd(width + 1)}  ${value}\n`)
    .join('');
}
