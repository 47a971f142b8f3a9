import {
  type ConfigSnapshot,
  holdsUpperBound,
  type SnapshotLimit,
  type SnapshotProvider,
  type SnapshotProxy,
  type SnapshotTeam,
  type SnapshotVirtualKey,
} from '@penstock/contracts';
import type { ChargedLimit } from '@penstock/rate-limiting';

/** A limit with the name that an admin knows its subject by. */
export interface LabelledLimit extends ChargedLimit {
  readonly label: string;
}

/** Who has counters of their own. */
interface Subject {
  readonly label: string;
  /** As the limiter knows it, `key:<id>`. */
  readonly counter: string;
  readonly limits: readonly SnapshotLimit[];
}

export interface AccessSubjects {
  readonly proxy: SnapshotProxy;
  /** Undefined: no key, or one that gateways do not know. */
  readonly key: SnapshotVirtualKey | undefined;
  readonly team: SnapshotTeam | undefined;
}

/** The limits of one organization's subjects, as gateways put them together. */
export class ApplicableLimits {
  readonly #organization: ConfigSnapshot['organizations'][number] | undefined;
  readonly #organizationId: string;

  constructor({ organizations }: ConfigSnapshot, organizationId: string) {
    this.#organization = organizations.find(({ id }) => id === organizationId);
    this.#organizationId = organizationId;
  }

  /** Of the key, its team, the organization and the proxy: what a request meets wherever it goes. */
  access({ proxy, key, team }: AccessSubjects): readonly LabelledLimit[] {
    const own = key ? { label: `VirtualKey ${key.name}`, counter: `key:${key.id}`, limits: key.limits } : undefined;
    const subjects = [own, ...(key && team ? subjectsOfTeam(key, team) : []), this.#shared(), subjectOfProxy(proxy)];
    return subjects.flatMap((subject) => (subject ? this.#limitsOf(subject) : []));
  }

  /** Of a provider and one of its models. */
  target(provider: SnapshotProvider, modelId: string): readonly LabelledLimit[] {
    const { id, name, limits, models } = provider;
    const model = models?.find((one) => one.id === modelId);
    const subjects: Subject[] = [{ label: `LlmProvider ${name}`, counter: `provider:${id}`, limits }];
    if (model) {
      const label = `LlmProvider ${name}, model ${modelId}`;
      subjects.push({ label, counter: `provider:${id}/model:${modelId}`, limits: model.limits });
    }
    return subjects.flatMap((subject) => this.#limitsOf(subject));
  }

  #shared(): Subject | undefined {
    const shared = this.#organization;
    return (
      shared && { label: `Organization ${shared.name}`, counter: `organization:${shared.id}`, limits: shared.limits }
    );
  }

  #limitsOf({ label, counter, limits }: Subject): readonly LabelledLimit[] {
    const { timeZone, reseeded } = this.#organization ?? {};
    const scope = {
      organizationId: this.#organizationId,
      ...(timeZone !== undefined && { timeZone }),
      ...(reseeded !== undefined && { reseeded }),
    };
    return limits.map(({ quota, id, limit }) => ({
      label,
      applicable: { ...scope, subject: counter, id, quota, limit },
      unit: limit.unit,
      largestCharge: limit.burst ?? limit.max,
      hard: holdsUpperBound(limit),
    }));
  }
}

function subjectsOfTeam(key: SnapshotVirtualKey, team: SnapshotTeam): readonly Subject[] {
  return [
    {
      label: `Team ${team.name}, VirtualKey ${key.name}`,
      counter: `team:${team.id}/key:${key.id}`,
      limits: team.keyLimits,
    },
    { label: `Team ${team.name}`, counter: `team:${team.id}`, limits: team.limits },
  ];
}

function subjectOfProxy({ id, name, limits }: SnapshotProxy): Subject {
  return { label: `LlmProxy ${name}`, counter: `proxy:${id}`, limits };
}
