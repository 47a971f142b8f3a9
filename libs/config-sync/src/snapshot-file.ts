import { constants, copyFile, type FileHandle, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { ENVELOPE_HEAD_BYTES, versionOfBytes, versionOfHead } from './seal-snapshot.ts';
import { versionText } from './snapshot-version.ts';

let temporaryFiles = 0;

/**
 * The last known good snapshot on disk, as the signed envelope with its credentials still sealed, readable by its owner only.
 * The file before it stays as `<path>.previous`, in case the newest one is damaged. Several processes may share the path.
 */
export class SnapshotFile {
  readonly path: string;
  #saving: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.path = path.resolve(file);
  }

  /** Envelopes, the newest first; none are verified. Files that are not there are skipped. */
  async *candidates(): AsyncGenerator<Buffer> {
    for (const file of [this.path, `${this.path}.previous`]) {
      const bytes = await readOrUndefined(file);
      if (bytes !== undefined) yield bytes;
    }
  }

  /** Replaces the file by a complete one that is safely on disk; one call after the other. Rejects when the disk refuses. */
  save(bytes: Buffer): Promise<void> {
    const saved = this.#saving.then(() => this.#replace(bytes));
    // The next call does not depend on how this one ended; who called it learns of that.
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #replace(bytes: Buffer): Promise<void> {
    if (await this.#holds(bytes)) return;
    await mkdir(path.dirname(this.path), { recursive: true, mode: 0o700 });
    temporaryFiles += 1;
    const temporary = `${this.path}.${process.pid}-${threadId}-${temporaryFiles}.tmp`;
    try {
      // A copy, and not a rename, so that the path never stands empty.
      await copyFile(this.path, temporary, constants.COPYFILE_FICLONE).catch(ignoreMissing);
      await rename(temporary, `${this.path}.previous`).catch(ignoreMissing);
      await writeDurably(temporary, bytes);
      await rename(temporary, this.path);
      await syncFolder(path.dirname(this.path));
    } catch (error) {
      await unlink(temporary).catch(ignoreMissing);
      throw error;
    }
  }

  /** Whether another process that shares the file has saved this snapshot already. */
  async #holds(bytes: Buffer): Promise<boolean> {
    const version = versionOfBytes(bytes);
    const stored = await readHead(this.path, bytes.length);
    return version !== undefined && stored !== undefined && versionText(version) === versionText(stored);
  }
}

/** The version in the file's head, if the file has the expected size too; a cut file counts as none. */
async function readHead(file: string, length: number): Promise<ReturnType<typeof versionOfHead>> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    return ignoreMissing(error);
  }
  try {
    if ((await handle.stat()).size < length) return undefined;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ENVELOPE_HEAD_BYTES), 0, ENVELOPE_HEAD_BYTES, 0);
    return versionOfHead(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

async function readOrUndefined(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    return ignoreMissing(error);
  }
}

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
