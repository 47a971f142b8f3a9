import { isLedgerLimit, type Limit, limitId, type QuotaSpec } from '@penstock/contracts';
import type { ApplicableLimit } from '@penstock/rate-limiting';
import { type Attachment, attachmentRelations, type Named } from '../limits/limit-subject.ts';
import type { Prisma, PrismaClient } from '../prisma/generated/client.ts';
import type { LedgerOrganization } from './ledger-organizations.ts';
import { type LedgerSubject, ledgerSubjects } from './ledger-subject.ts';
import type { TouchedSubjects } from './touched-subjects.ts';

/** One ledger of one subject. */
export interface AttachedLedger {
  readonly applicable: ApplicableLimit;
  readonly subject: LedgerSubject;
  /** When what makes the ledger was last written, epoch ms: what was spent before that, it may not have counted. */
  readonly writtenAtMs: number;
}

/** Which ledgers are asked for. */
export interface LedgerQuestion {
  readonly organization: LedgerOrganization;
  /** Of all ledger limits, those that are wanted. */
  readonly wanted?: (limit: Limit) => boolean;
  /** Only the ledgers of these; all where it is left out. */
  readonly touched?: TouchedSubjects;
}

const PAGE = 200;
const PORTION = 20_000;

/** All ledgers that quotas make, in portions of at most a few thousand; what is in a later one is read later. */
export async function* attachedLedgers(
  client: PrismaClient,
  question: LedgerQuestion,
): AsyncGenerator<AttachedLedger[]> {
  const limits = await ledgerLimits(client, question);
  if (limits.size === 0) return;
  const organizationId = question.organization.id;
  const where = { organizationId, quotaId: { in: [...limits.keys()] }, ...touchedFilter(question) };
  for await (const attachments of pagesOf((after) => attachmentsAfter(client, where, after))) {
    const whole = attachments.filter(({ eachKey }) => !eachKey);
    yield whole.flatMap((row) => ledgersOf(row, [], { limits, question }));
    for (const row of attachments.filter(({ eachKey }) => eachKey)) {
      for await (const keys of pagesOf((after) => keysAfter(client, row, question, after))) {
        yield ledgersOf(row, keys, { limits, question });
      }
    }
  }
}

/** The same in portions of at least 20,000 but for the last one: for what takes queries over whole windows for each portion. */
export async function* ledgerPortions(
  client: PrismaClient,
  question: LedgerQuestion,
): AsyncGenerator<AttachedLedger[]> {
  let portion: AttachedLedger[] = [];
  for await (const ledgers of attachedLedgers(client, question)) {
    portion.push(...ledgers);
    if (portion.length < PORTION) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

interface LedgerLimit {
  readonly quota: string;
  readonly limit: Limit;
  readonly writtenAtMs: number;
}

type Limits = ReadonlyMap<string, readonly LedgerLimit[]>;

async function ledgerLimits(
  client: PrismaClient,
  { organization, wanted = () => true }: LedgerQuestion,
): Promise<Limits> {
  const quotas = await client.quota.findMany({
    where: { organizationId: organization.id },
    select: { id: true, name: true, spec: true, updatedAt: true },
  });
  const found = quotas.map(({ id, name, spec, updatedAt }) => {
    const ledgers = (spec as QuotaSpec).limits.filter((limit) => isLedgerLimit(limit) && wanted(limit));
    return [id, ledgers.map((limit) => ({ quota: name, limit, writtenAtMs: updatedAt.getTime() }))] as const;
  });
  return new Map(found.filter(([, ledgers]) => ledgers.length > 0));
}

function touchedFilter({ touched, organization }: LedgerQuestion): Prisma.QuotaAttachmentWhereInput {
  if (!touched) return {};
  return {
    OR: [
      { subjectOrganizationId: organization.id },
      { teamId: { in: [...touched.teams] } },
      { virtualKeyId: { in: [...touched.keys] } },
      { proxyId: { in: [...touched.proxies] } },
      { providerId: { in: [...touched.providers] } },
    ],
  };
}

async function attachmentsAfter(
  client: PrismaClient,
  where: Prisma.QuotaAttachmentWhereInput,
  after: string | undefined,
) {
  return client.quotaAttachment.findMany({
    where: { ...where, ...(after !== undefined && { id: { gt: after } }) },
    include: attachmentRelations,
    orderBy: { id: 'asc' },
    take: PAGE,
  });
}

async function keysAfter(
  client: PrismaClient,
  { teamId }: Attachment,
  { organization, touched }: LedgerQuestion,
  after: string | undefined,
) {
  return client.virtualKey.findMany({
    where: {
      organizationId: organization.id,
      teamId: teamId ?? '',
      revokedAt: null,
      AND: [touched ? { id: { in: [...touched.keys] } } : {}, after === undefined ? {} : { id: { gt: after } }],
    },
    select: { id: true, name: true },
    orderBy: { id: 'asc' },
    take: PAGE,
  });
}

/** Pages of rows by their id, until one is not full. */
async function* pagesOf<Row extends { readonly id: string }>(
  read: (after: string | undefined) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let after: string | undefined;
  for (;;) {
    const rows = await read(after);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.id;
  }
}

function ledgersOf(
  attachment: Attachment,
  keysOfTeam: readonly Named[],
  { limits, question: { organization } }: { readonly limits: Limits; readonly question: LedgerQuestion },
): AttachedLedger[] {
  const attachedAtMs = Math.max(timeOfId(attachment.id), organization.writtenAtMs);
  const own = limits.get(attachment.quotaId) ?? [];
  return ledgerSubjects(attachment, keysOfTeam).flatMap((subject) =>
    own.map(({ quota, limit, writtenAtMs }) => ({
      subject,
      writtenAtMs: Math.max(writtenAtMs, attachedAtMs),
      applicable: {
        organizationId: organization.id,
        subject: subject.counter,
        id: limitId(quota, limit),
        quota,
        limit,
        timeZone: organization.timeZone,
        reseeded: true,
      },
    })),
  );
}

/** A UUIDv7 begins with its time; attachments are made anew with each write of their subject. */
function timeOfId(id: string): number {
  return Number.parseInt(id.replace('-', '').slice(0, 12), 16);
}
