import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { sealSnapshot, type SnapshotVersion } from '@penstock/config-sync';
import type { ConfigSnapshot, SnapshotEnvelope } from '@penstock/contracts';
import { type DerivedKeys, signSnapshot } from '@penstock/secrets';
import type { Actor } from '../common/actor.ts';
import { CLOCK, type Clock, KEYS } from '../config/config.module.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { SnapshotReader } from './snapshot-reader.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Revisions whose body is kept, so that they can be compared and rolled back to. */
export const KEPT_BODIES = 100;

const MAX_BODY_BYTES = 128 * 1024 * 1024;

interface NewRevision {
  readonly snapshot: ConfigSnapshot;
  readonly actor: Actor;
  readonly cause: string;
}

/** The table of config revisions. Bodies lie there compressed; envelopes are signed when they are read. */
@Injectable()
export class RevisionStore {
  #floor = 0;

  constructor(
    private readonly reader: SnapshotReader,
    @Inject(KEYS) private readonly keys: DerivedKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** From now on revisions are numbered above `revision`: gateways refuse numbers that they have seen. */
  numberAbove(revision: number): void {
    this.#floor = Math.max(this.#floor, revision);
  }

  /** Number of the newest revision, 0 before the first. */
  async newest(client: Transaction | PrismaClient): Promise<number> {
    return (await this.newestVersion(client))?.revision ?? 0;
  }

  async newestVersion(client: Transaction | PrismaClient): Promise<SnapshotVersion | undefined> {
    const row = await client.configRevision.findFirst({
      orderBy: { revision: 'desc' },
      select: { revision: true, checksum: true },
    });
    return row ? { revision: Number(row.revision), checksum: row.checksum } : undefined;
  }

  /** What the tables hold now, as it would be published under the next number. */
  async buildCurrent(transaction: Transaction): Promise<ConfigSnapshot> {
    const rows = await this.reader.read(transaction);
    const revision = Math.max(await this.newest(transaction), this.#floor) + 1;
    return buildSnapshot(rows, revision, new Date(this.clock()));
  }

  /** Whether the newest revision holds the same as this snapshot, apart from its number and time. */
  async isNewest(transaction: Transaction, snapshot: ConfigSnapshot): Promise<boolean> {
    const newest = await transaction.configRevision.findFirst({
      orderBy: { revision: 'desc' },
      select: { revision: true, checksum: true, createdAt: true },
    });
    if (!newest) return false;
    const [revision, publishedAt] = [Number(newest.revision), newest.createdAt.toISOString()];
    return sealSnapshot({ ...snapshot, revision, publishedAt }, this.keys).checksum === newest.checksum;
  }

  async append(transaction: Transaction, { snapshot, actor, cause }: NewRevision): Promise<SnapshotEnvelope> {
    const envelope = sealSnapshot(snapshot, this.keys);
    const bytes = Buffer.from(envelope.body, 'utf8');
    await transaction.configRevision.create({
      data: {
        revision: BigInt(envelope.revision),
        organizationId: actor.organizationId,
        checksum: envelope.checksum,
        body: new Uint8Array(await compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })),
        bytes: bytes.length,
        cause: cause.slice(0, 500),
        actor: actor.name,
        createdAt: new Date(snapshot.publishedAt),
      },
    });
    const oldestKept = BigInt(envelope.revision - KEPT_BODIES);
    await transaction.configRevision.updateMany({
      where: { revision: oldestKept, body: { not: null } },
      data: { body: null },
    });
    return envelope;
  }

  /** The signed envelope of one revision, or undefined when it does not exist or its body is no longer kept. */
  async envelope(client: Transaction | PrismaClient, revision: number): Promise<SnapshotEnvelope | undefined> {
    const row = await client.configRevision.findUnique({
      where: { revision: BigInt(revision) },
      select: { checksum: true, body: true },
    });
    if (!row?.body) return undefined;
    const body = (await decompress(row.body, { maxOutputLength: MAX_BODY_BYTES })).toString('utf8');
    const version = { revision, checksum: row.checksum };
    return { ...version, signature: signSnapshot(version, this.keys), body };
  }

  async markPublished(client: PrismaClient, revision: number): Promise<void> {
    await client.configRevision.updateMany({
      where: { revision: { lte: BigInt(revision) }, published: false },
      data: { published: true, publishedAt: new Date(this.clock()) },
    });
  }
}
