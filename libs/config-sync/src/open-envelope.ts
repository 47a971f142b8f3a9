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
import { EntityMemory } from './entity-memory.ts';
import { readBodyText, readHead } from './envelope-text.ts';
import { parseEntities, type ReadingTools } from './parse-entities.ts';
import { Quarantine } from './quarantine.ts';
import { runAtOnce, runGradually } from './run-gradually.ts';
import { checksumInSteps, MAX_SNAPSHOT_BYTES } from './seal-snapshot.ts';
import { ENTITY_LISTS, type EntityList, splitBody } from './split-body.ts';
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
type Frame = ReturnType<typeof SnapshotFrame.parse>;
type EntityTexts = (list: EntityList) => readonly string[];

/** Where an envelope came from, and what is known from the one before it. */
export interface OpenOptions {
  readonly origin?: LoadedSnapshot['origin'];
  readonly memory?: EntityMemory;
}

/**
 * Verifies and reads an envelope, given as text or parsed. Size, form, checksum, signature and frame must be right, or it throws
 * {@link SnapshotRefusedError}, and so must organizations; other entities that are invalid, or refer to what is not there, are
 * quarantined. With a memory, entities that are written as in the snapshot before are the same objects.
 */
export function openEnvelope(
  input: string | SnapshotEnvelope,
  keys: SnapshotKeys,
  origin: LoadedSnapshot['origin'] = 'redis',
  memory = new EntityMemory(),
): LoadedSnapshot {
  return runAtOnce(openInSteps(input, keys, { origin, memory }));
}

/**
 * {@link openEnvelope} for a process that serves meanwhile: it lets others run every few milliseconds.
 */
export async function openEnvelopeGradually(
  input: string | SnapshotEnvelope,
  keys: SnapshotKeys,
  options: OpenOptions,
): Promise<LoadedSnapshot> {
  return runGradually(openInSteps(input, keys, options));
}

function* openInSteps(
  input: string | SnapshotEnvelope,
  keys: SnapshotKeys,
  { origin = 'redis', memory = new EntityMemory() }: OpenOptions,
): Generator<void, LoadedSnapshot> {
  const envelope = yield* verifiedEnvelope(input, keys);
  const quarantine = new Quarantine();
  memory.begin();
  const snapshot = yield* readBody(envelope, { quarantine, memory });
  memory.turn();
  return { snapshot, checksum: envelope.checksum, origin, quarantined: quarantine.entities };
}

function* verifiedEnvelope(input: string | SnapshotEnvelope, keys: SnapshotKeys): Generator<void, SnapshotEnvelope> {
  const size = Buffer.byteLength(typeof input === 'string' ? input : input.body);
  if (size > MAX_SNAPSHOT_BYTES)
    throw new SnapshotRefusedError(0, `it has ${size} bytes of at most ${MAX_SNAPSHOT_BYTES}`);
  const result = SnapshotEnvelope.safeParse(typeof input === 'string' ? yield* readEnvelope(input, keys) : input);
  if (!result.success) throw new SnapshotRefusedError(0, 'it is not an envelope');
  const envelope = result.data;
  requireSignature(envelope, keys);
  if ((yield* checksumInSteps(envelope.body)) !== envelope.checksum) {
    throw new SnapshotRefusedError(envelope.revision, 'its checksum is wrong: the body was changed or cut');
  }
  return envelope;
}

function* readEnvelope(text: string, keys: SnapshotKeys): Generator<void, unknown> {
  const head = readHead(text);
  if (!head) return parseJson(text, 0);
  const { revision, checksum, signature } = head;
  requireSignature(head, keys);
  const body = yield* notJson(revision, readBodyText(text, head));
  return { revision, checksum, signature, body };
}

/** Comes first: nothing of an envelope that others made is worth more work. */
function requireSignature(envelope: Omit<SnapshotEnvelope, 'body'>, keys: SnapshotKeys): void {
  if (verifySnapshot(envelope, keys)) return;
  throw new SnapshotRefusedError(envelope.revision, 'its signature is wrong: it was made with another master key');
}

function* readBody({ revision, body }: SnapshotEnvelope, tools: ReadingTools): Generator<void, ConfigSnapshot> {
  const { frame, texts } = yield* notJson(revision, readFrame(body, revision));
  if (frame.revision !== revision) {
    throw new SnapshotRefusedError(revision, `its body is of revision ${frame.revision}`);
  }
  return yield* notJson(revision, readEntities(frame, texts, tools));
}

/** The frame, its lists left empty, and the texts of their entities. */
function* readFrame(body: string, revision: number): Generator<void, { frame: Frame; texts: EntityTexts }> {
  const split = yield* splitBody(body);
  const value = split ? { ...split.frame, ...mapLists(split.entities, () => []) } : parseJson(body, revision);
  const result = SnapshotFrame.safeParse(value);
  if (!result.success) {
    const fields = result.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
    throw new SnapshotRefusedError(revision, `its frame is invalid: ${fields.join('; ')}`.slice(0, 2000));
  }
  const frame = result.data;
  // Not written by JSON.stringify: each entity gets the text that it would have had.
  const texts = split?.entities ?? mapLists(frame, (entities) => entities.map((entity) => JSON.stringify(entity)));
  return { frame: { ...frame, ...mapLists(frame, () => []) }, texts: (list) => texts[list] ?? [] };
}

function* readEntities(frame: Frame, texts: EntityTexts, tools: ReadingTools): Generator<void, ConfigSnapshot> {
  const { quarantine } = tools;
  const organizations = yield* parseEntities('Organization', texts('organizations'), SnapshotOrganization, tools);
  const [unread] = quarantine.entities;
  // Its limits hold for everything that belongs to it: without them nothing may be served, so what is in force stays.
  if (unread) {
    throw new SnapshotRefusedError(frame.revision, `its organization ${unread.name} is invalid: ${unread.reason}`);
  }
  const providers = yield* parseEntities('LlmProvider', texts('providers'), SnapshotProvider, tools);
  const teams = yield* parseEntities('Team', texts('teams'), SnapshotTeam, tools);
  const proxies = yield* parseEntities('LlmProxy', texts('proxies'), SnapshotProxy, tools);
  const virtualKeys = yield* parseEntities('VirtualKey', texts('virtualKeys'), SnapshotVirtualKey, tools);
  const secrets = yield* parseEntities('Secret', texts('secrets'), SnapshotSecret, tools);
  const checkedProxies = yield* checkProxies(proxies, byId(providers), quarantine);
  const checkedKeys = yield* checkVirtualKeys(virtualKeys, byId(teams), quarantine);
  return { ...frame, organizations, providers, teams, proxies: checkedProxies, virtualKeys: checkedKeys, secrets };
}

/** Passes on what steps come to; what they cannot parse refuses the snapshot. */
function* notJson<T>(revision: number, steps: Generator<void, T>): Generator<void, T> {
  try {
    return yield* steps;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SnapshotRefusedError(revision, 'it is not JSON', { cause: error });
  }
}

/** What is in each list that an object has. */
function mapLists<Entity, Result>(
  lists: Partial<Record<EntityList, readonly Entity[]>>,
  map: (entities: readonly Entity[]) => Result[],
): Partial<Record<EntityList, Result[]>> {
  return Object.fromEntries(ENTITY_LISTS.flatMap((list) => (lists[list] ? [[list, map(lists[list])]] : [])));
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
