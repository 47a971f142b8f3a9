import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { formatBytes } from '../output/format-values.ts';

/**
 * A file as the body of a request, which tells its progress while it is sent. JSON unless its name ends in .yaml or .yml. Throws the
 * `CliError` for a file that cannot be read or has more than `maxBytes`: a server that refuses it amid the body may not be heard.
 */
export async function uploadFile(file: string, maxBytes: number, io: CliIo) {
  const size = await sizeOf(file);
  if (size > maxBytes) throw new CliError(`${file} has ${formatBytes(size)}, more than ${formatBytes(maxBytes)}.`);
  const name = path.basename(file);
  const progress = createProgress(`sending ${name}`, size, io);
  const content = ReadableStream.from(readWith(file, progress)) as ReadableStream<Uint8Array>;
  return { type: /\.ya?ml$/i.test(file) ? 'application/yaml' : 'application/json', content };
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${file} cannot be read: ${error.code ?? error.message}.`);
  });
  if (!found.isFile()) throw new CliError(`${file} is no file.`);
  if (found.size === 0) throw new CliError(`${file} is empty.`);
  return found.size;
}

async function* readWith(file: string, progress: (sent: number) => void): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    yield new Uint8Array(chunk);
    sent += chunk.length;
    progress(sent);
  }
}

/** One line that is written over where a person watches; elsewhere one line when all is sent. */
function createProgress(title: string, size: number, io: CliIo): (sent: number) => void {
  return (sent) => {
    const done = sent >= size;
    if (io.watched) {
      io.say(`\r${title}: ${formatBytes(sent)} of ${formatBytes(size)}${done ? '\n' : ''}`);
    } else if (done) {
      io.say(`${title}: ${formatBytes(size)}\n`);
    }
  };
}
