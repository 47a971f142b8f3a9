import type { CliIo } from '../cli-io.ts';

const CODES = { red: 31, green: 32, yellow: 33 } as const;

/** The text in a colour, where answers may be coloured. */
export function paint(io: Pick<CliIo, 'colors'>, color: keyof typeof CODES, text: string): string {
  return io.colors ? `\u001B[${CODES[color]}m${text}\u001B[39m` : text;
}
