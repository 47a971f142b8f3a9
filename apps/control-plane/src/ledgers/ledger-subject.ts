import { type Attachment, type LimitSubject, type Named, subjectsOf } from '../limits/limit-subject.ts';

/** Whose ledger it is. */
export interface LedgerSubject extends LimitSubject {
  /** Which usage events count for it: those that hold this id, and this model where there is one. */
  readonly events: EventsOf;
}

interface EventsOf {
  readonly of: 'organization' | 'team' | 'key' | 'proxy' | 'provider';
  readonly id: string;
  readonly modelId?: string;
}

/** The subjects of an attachment; `keysOfTeam` are looked at where each key of a team counts for itself. */
export function ledgerSubjects(attachment: Attachment, keysOfTeam: readonly Named[]): LedgerSubject[] {
  const subjects = subjectsOf(attachment, keysOfTeam);
  return subjects.map((subject, index) => ({ ...subject, events: eventsOf(attachment, keysOfTeam[index]) }));
}

function eventsOf(
  { eachKey, team, virtualKey, proxy, provider, modelId, organizationId }: Attachment,
  key?: Named,
): EventsOf {
  if (virtualKey) return { of: 'key', id: virtualKey.id };
  if (team && eachKey && key) return { of: 'key', id: key.id };
  if (team) return { of: 'team', id: team.id };
  if (proxy) return { of: 'proxy', id: proxy.id };
  if (provider) return { of: 'provider', id: provider.id, ...(modelId !== null && { modelId }) };
  return { of: 'organization', id: organizationId };
}
