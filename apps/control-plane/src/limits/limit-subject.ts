import type { Prisma } from '../prisma/generated/client.ts';

const named = { select: { id: true, name: true } } as const;

/** What of an attachment has to be read to name its subjects. */
export const attachmentRelations = {
  quota: true,
  team: named,
  virtualKey: named,
  proxy: named,
  provider: named,
  organization: named,
} as const;

export type Attachment = Prisma.QuotaAttachmentGetPayload<{ include: typeof attachmentRelations }>;

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** What has counters of its own. */
export interface LimitSubject {
  /** As the limiter knows it, `key:<id>`. */
  readonly counter: string;
  /** As an admin knows it, `VirtualKey app-1`. */
  readonly label: string;
}

/** Who counts for itself under this attachment: one subject, or each of `keysOfTeam` where the quota is for each key. */
export function subjectsOf(attachment: Attachment, keysOfTeam: readonly Named[]): LimitSubject[] {
  const { team, eachKey } = attachment;
  if (!team || !eachKey) return [subjectOf(attachment)];
  return keysOfTeam.map(({ id, name }) => ({
    counter: `team:${team.id}/key:${id}`,
    label: `Team ${team.name}, VirtualKey ${name}`,
  }));
}

function subjectOf({ organization, team, virtualKey, proxy, provider, modelId }: Attachment): LimitSubject {
  if (virtualKey) return { counter: `key:${virtualKey.id}`, label: `VirtualKey ${virtualKey.name}` };
  if (team) return { counter: `team:${team.id}`, label: `Team ${team.name}` };
  if (organization) return { counter: `organization:${organization.id}`, label: `Organization ${organization.name}` };
  if (proxy) return { counter: `proxy:${proxy.id}`, label: `LlmProxy ${proxy.name}` };
  if (!provider) throw new Error('a quota is attached to nothing'); // a check constraint holds the opposite
  const label = `LlmProvider ${provider.name}`;
  if (modelId === null) return { counter: `provider:${provider.id}`, label };
  return { counter: `provider:${provider.id}/model:${modelId}`, label: `${label}, model ${modelId}` };
}
