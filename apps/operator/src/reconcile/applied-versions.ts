import { createHmac, randomBytes } from 'node:crypto';

interface Applied {
  readonly digest: string;
  readonly etag: string;
}

/**
 * Which version of the control plane's document is known to say what an object says, so that a resync costs a read and no write. A
 * version never comes back: as long as the document has it, the document is what it was when an apply found nothing to change.
 */
export class AppliedVersions {
  readonly #applied = new Map<string, Applied>();
  /** Manifests hold credentials; their digests are worth nothing outside of this process. */
  readonly #key = randomBytes(32);

  /** `uid`: of the object. `etag`: of the document as it is now. */
  isCurrent(uid: string, manifest: object, etag: string): boolean {
    const applied = this.#applied.get(uid);
    return applied !== undefined && applied.etag === etag && applied.digest === this.#digest(manifest);
  }

  /** An apply found nothing to change; `etag` was read before it. */
  keep(uid: string, manifest: object, etag: string): void {
    this.#applied.set(uid, { digest: this.#digest(manifest), etag });
  }

  forget(uid: string): void {
    this.#applied.delete(uid);
  }

  #digest(manifest: object): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(manifest)).digest('base64');
  }
}
