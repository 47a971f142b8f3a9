/** What a command has of the process that it runs in. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The answer. */
  readonly out: (text: string) => void;
  /** What is said beside the answer: progress, warnings, errors. */
  readonly say: (text: string) => void;
  /** Whether a person watches what is said, so that a line may be written over. */
  readonly watched: boolean;
  /** Whether answers may be coloured. */
  readonly colors: boolean;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  /** Whether standard input is a person's keyboard. */
  readonly typed: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** More than a control plane takes. */
const MAX_INPUT_BYTES = 16 * 1024 * 1024;

/** This process. */
export function processIo(): CliIo {
  const { env, stdin, stdout, stderr } = process;
  return {
    env,
    out: (text) => stdout.write(text),
    say: (text) => stderr.write(text),
    watched: stderr.isTTY,
    // https://no-color.org: present and not empty.
    colors: stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    readInput,
    typed: stdin.isTTY,
    now: Date.now,
  };
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_INPUT_BYTES) throw new RangeError('standard input has more than 16 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
