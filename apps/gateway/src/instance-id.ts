import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

/** The name of this gateway, the same after a restart: it lies in the data directory. Throws when that cannot be written. */
export function readInstanceId(dataDirectory: string): string {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const file = path.join(dataDirectory, 'instance-id');
  try {
    const known = readFileSync(file, 'utf8').trim();
    if (/^[A-Za-z0-9._-]{1,100}$/.test(known)) return known;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const created = `${hostname()
    .slice(0, 80)
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')}-${randomUUID().slice(0, 8)}`;
  writeFileSync(file, `${created}\n`, { mode: 0o600 });
  return created;
}
