import type { CliIo } from '../cli-io.ts';

/** What takes longer is told. */
const SILENT_MS = 1_000;
const CLEAR_LINE = '\r\u001B[K';

/** Waits for the work, and says after a second what is waited for; the line goes where a person watches. */
export async function withProgress<Result>(io: CliIo, title: string, work: Promise<Result>): Promise<Result> {
  let isTold = false;
  const timer = setTimeout(() => {
    isTold = true;
    io.say(io.watched ? `${title}…` : `${title}…\n`);
  }, SILENT_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (isTold && io.watched) io.say(CLEAR_LINE);
  }
}
