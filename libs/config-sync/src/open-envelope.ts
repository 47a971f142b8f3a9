import { setImmediate } from 'node:timers/promises';
import {
  type ConfigSnapshot,
  SnapshotEnvelope,
  SnapshotFrame,
  SnapshotOrganization,
  SnapshotProvider,
  SnapshotProxy,
  SnapshotSecret,
  SnapshotTeam,
  SnapshotVirtualKey,
} from '@penstock/contracts';
import { type DerivedKeys, verifySnapshot } from '@penstock/secrets';
import { checkProxies, checkVirtualKeys } from './check-references.ts';
import { parseEntities } from './parse-entities.ts';
import { Quarantine } from './quarantine.ts';
import { checksumOf, MAX_SNAPSHOT_BYTES } from './seal-snapshot.ts';
import type { LoadedSnapshot } from './snapshot-source.ts';

/** A snapshot must not be applied as a whole; the message says why and is fit for the console. */
export class SnapshotRefusedError extends Error {
  override readonly name = 'SnapshotRefusedError';
  /** The revision that the envelope claims, 0 if it shows none. */
  readonly revision: number;

  constructor(revision: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.revision = revision;
  }
}

type SnapshotKeys = Pick<DerivedKeys, 'snapshotKey'>;

/**
 * Verifies and reads an envelope, given as text or parsed. Size, form, checksum, signature and frame must be right, or it throws
 * {@link SnapshotRefusedError}, and so must organizations; other entities that are invalid, or refer to what is not there, are
 * quarantined.
 */
export function openEnvelope(
  input: string | SnapshotEnvelope,
  keys: SnapshotKeys,
  origin: LoadedSnapshot['origin'] = 'redis',
): LoadedSnapshot {
  const steps = openInSteps(input, keys, origin);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** {@link openEnvelope} for a process that serves meanwhile: it lets others run after every few hundred entities. */
export async function openEnvelopeGradually(
  input: string | SnapshotEnvelope,
  keys: SnapshotKeys,
  origin: LoadedSnapshot['origin'],
): Promise<LoadedSnapshot> {
  const steps = openInSteps(input, keys, origin);
  let step = steps.next();
  while (!step.done) {
    await setImmediate();
    step = steps.next();
  }
  return step.value;
}

function* openInSteps(
  input: string | SnapshotEnvelope,
  keys: SnapshotKeys,
  origin: LoadedSnapshot['origin'],
): Generator<void, LoadedSnapshot> {
  const envelope = verifiedEnvelope(input, keys);
  yield;
  const quarantine = new Quarantine();
  const snapshot = yield* readBody(envelope, quarantine);
  return { snapshot, checksum: envelope.checksum, origin, quarantined: quarantine.entities };
}

function verifiedEnvelope(input: string | SnapshotEnvelope, keys: SnapshotKeys): SnapshotEnvelope {
  const size = Buffer.byteLength(typeof input === 'string' ? input : input.body);
  if (size > MAX_SNAPSHOT_BYTES)
    throw new SnapshotRefusedError(0, `it has ${size} bytes of at most ${MAX_SNAPSHOT_BYTES}`);
  const result = SnapshotEnvelope.safeParse(typeof input === 'string' ? parseJson(input, 0) : input);
  if (!result.success) throw new SnapshotRefusedError(0, 'it is not an envelope');
  const envelope = result.data;
  // The signature first: nothing of an envelope that others made is worth more work.
  if (!verifySnapshot(envelope, keys)) {
    throw new SnapshotRefusedError(envelope.revision, 'its signature is wrong: it was made with another master key');
  }
  if (checksumOf(envelope.body) !== envelope.checksum) {
    throw new SnapshotRefusedError(envelope.revision, 'its checksum is wrong: the body was changed or cut');
  }
  return envelope;
}

function* readBody({ revision, body }: SnapshotEnvelope, quarantine: Quarantine): Generator<void, ConfigSnapshot> {
  const result = SnapshotFrame.safeParse(parseJson(body, revision));
  if (!result.success) {
    const fields = result.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
    throw new SnapshotRefusedError(revision, `its frame is invalid: ${fields.join('; ')}`.slice(0, 2000));
  }
  const frame = result.data;
  if (frame.revision !== revision) {
    throw new SnapshotRefusedError(revision, `its body is of revision ${frame.revision}`);
  }
  const organizations = yield* parseEntities('Organization', frame.organizations, SnapshotOrganization, quarantine);
  const [unread] = quarantine.entities;
  // Its limits hold for everything that belongs to it: without them nothing may be served, so what is in force stays.
  if (unread) throw new SnapshotRefusedError(revision, `its organization ${unread.name} is invalid: ${unread.reason}`);
  const providers = yield* parseEntities('LlmProvider', frame.providers, SnapshotProvider, quarantine);
  const teams = yield* parseEntities('Team', frame.teams, SnapshotTeam, quarantine);
  const proxies = yield* parseEntities('LlmProxy', frame.proxies, SnapshotProxy, quarantine);
  const virtualKeys = yield* parseEntities('VirtualKey', frame.virtualKeys, SnapshotVirtualKey, quarantine);
  const secrets = yield* parseEntities('Secret', frame.secrets, SnapshotSecret, quarantine);
  return {
    ...frame,
    organizations,
    providers,
    teams,
    proxies: checkProxies(proxies, byId(providers), quarantine),
    virtualKeys: checkVirtualKeys(virtualKeys, byId(teams), quarantine),
    secrets,
  };
}

function byId<T extends { readonly id: string }>(entities: readonly T[]): ReadonlyMap<string, T> {
  return new Map(entities.map((entity) => [entity.id, entity]));
}

function parseJson(text: string, revision: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SnapshotRefusedError(revision, 'it is not JSON', { cause: error });
  }
}
