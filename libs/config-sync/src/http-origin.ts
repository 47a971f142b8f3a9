import { SnapshotRefusedError } from './open-envelope.ts';
import { MAX_SNAPSHOT_BYTES, versionOfBytes } from './seal-snapshot.ts';
import type { KnownSnapshots, OriginAnswer, SnapshotOrigin } from './snapshot-origin.ts';
import { type SnapshotVersion, versionText } from './snapshot-version.ts';

const TIMEOUT_MS = 10_000;

/** Fetches the snapshot from the control plane: GET `<url>/internal/v1/snapshot`, with the known ones as `if-none-match`. */
export class HttpOrigin implements SnapshotOrigin {
  readonly name = 'http';
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(url: string, token: string | undefined) {
    this.#url = `${url.replace(/\/+$/, '')}/internal/v1/snapshot`;
    this.#token = token;
  }

  async look(known: KnownSnapshots): Promise<OriginAnswer> {
    const etags = [known.applied, known.refused].filter((version) => version !== undefined).map(etag);
    const response = await fetch(this.#url, {
      headers: {
        accept: 'application/json',
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...(etags.length > 0 && { 'if-none-match': etags.join(', ') }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 200) return answer(await readBounded(response), known);
    await response.body?.cancel();
    if (response.status === 304) return { state: 'current' };
    if (response.status === 404) return { state: 'absent' };
    throw new Error(`the control plane answered ${response.status}`);
  }
}

function answer(bytes: Buffer, known: KnownSnapshots): OriginAnswer {
  const version = versionOfBytes(bytes);
  const standing = version ? known.standing(version) : 'new';
  return standing === 'new' ? { state: 'new', bytes, version } : { state: standing };
}

function etag(version: SnapshotVersion): string {
  return `"${versionText(version)}"`;
}

async function readBounded(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_SNAPSHOT_BYTES) throw new SnapshotRefusedError(0, `it has more than ${MAX_SNAPSHOT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
