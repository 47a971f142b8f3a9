// A thread of a gateway that reads snapshots for it. It remembers the last one, and tells the gateway what is new.
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type ConfigSnapshot, redisNames } from '@penstock/contracts';
import { EntityMemory } from '../entity-memory.ts';
import { messageOf } from '../message-of.ts';
import { openEnvelope, SnapshotRefusedError } from '../open-envelope.ts';
import { createRedisConnection } from '../redis-connection.ts';
import { versionOfBytes } from '../seal-snapshot.ts';
import { SnapshotFile } from '../snapshot-file.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';
import { ENTITY_LISTS, type EntityList } from '../split-body.ts';
import type { Places, ThreadAnswer, ThreadData, ThreadQuestion } from './thread-messages.ts';

/** Characters that the gateway reads without a pause: half a millisecond. */
const JSON_AT_ONCE = 32_768;

/** A quarter to a third of what other threads get where there are too few cores for all. */
const NICE = 5;
giveWay();

const keys = workerData as ThreadData;
const memory = new EntityMemory();
/** Where each entity stood in its list of the last snapshot. */
let places = new Map<object, number>();
/** What the gateway has not got yet, and how much of it it has. */
let fresh: readonly object[] = [];
let told = 0;

/** What was fetched last. */
let held: Buffer | undefined;

parentPort?.on('message', (question: ThreadQuestion) => {
  void answerTo(question).then((answer) => parentPort?.postMessage(answer));
});

/** Requests come first. Linux alone takes this for the one thread; elsewhere it would be the whole gateway. */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(0, NICE);
  } catch {
    // A sandbox may forbid it: then it does without.
  }
}

async function answerTo(question: ThreadQuestion): Promise<ThreadAnswer> {
  try {
    switch (question.ask) {
      case 'fetch':
        return await fetchFrom(question.redisUrl);
      case 'read':
        return read(bytesOf(question), question.origin);
      case 'entities':
        return nextEntities();
      case 'save':
        await new SnapshotFile(question.file).save(heldBytes());
        return { is: 'saved' };
    }
  } catch (error) {
    if (error instanceof SnapshotRefusedError)
      return { is: 'refused', revision: error.revision, reason: error.message };
    return { is: 'failed', reason: messageOf(error) };
  }
}

function nextEntities(): ThreadAnswer {
  const texts: string[] = [];
  for (let length = 0; length < JSON_AT_ONCE && told < fresh.length; told += 1) {
    const text = JSON.stringify(fresh[told]);
    texts.push(text);
    length += text.length;
  }
  const more = told < fresh.length;
  if (!more) fresh = [];
  return { is: 'entities', json: `[${texts.join(',')}]`, more };
}

/** A connection for this once: configs change seldom. */
async function fetchFrom(redisUrl: string): Promise<ThreadAnswer> {
  const redis = createRedisConnection(redisUrl);
  redis.on('error', () => undefined); // told by what is asked
  try {
    await redis.connect();
    held = (await redis.getBuffer(redisNames.snapshot)) ?? undefined;
  } finally {
    redis.disconnect();
  }
  return held ? { is: 'fetched', version: versionOfBytes(held) } : { is: 'absent' };
}

function bytesOf({ bytes }: Extract<ThreadQuestion, { ask: 'read' }>): Buffer {
  return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : heldBytes();
}

function heldBytes(): Buffer {
  if (!held) throw new Error('the reading thread holds no envelope');
  return held;
}

function read(bytes: Buffer, origin: LoadedSnapshot['origin']): ThreadAnswer {
  const { snapshot, checksum, quarantined } = openEnvelope(bytes.toString(), keys, origin, memory);
  const lists = ENTITY_LISTS.flatMap((list) => (snapshot[list] ? [[list, snapshot[list]] as const] : []));
  const answer = { is: 'read', frame: frameOf(snapshot), places: placesOf(lists), checksum, quarantined } as const;
  told = 0;
  fresh = lists.flatMap(([, entities]) => entities.filter((entity) => !places.has(entity)));
  places = new Map(lists.flatMap(([, entities]) => entities.map((entity, place) => [entity, place] as const)));
  return answer;
}

function frameOf(snapshot: ConfigSnapshot): object {
  return Object.fromEntries(Object.entries(snapshot).filter(([name]) => !ENTITY_LISTS.some((list) => list === name)));
}

function placesOf(lists: readonly (readonly [EntityList, readonly object[]])[]): Places {
  return Object.fromEntries(
    lists.map(([list, entities]) => [list, Int32Array.from(entities, (entity) => places.get(entity) ?? -1)]),
  );
}
