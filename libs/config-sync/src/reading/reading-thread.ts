// A thread of a gateway that reads snapshots for it. It remembers the last one, and tells the gateway what is new.
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { ConfigSnapshot } from '@penstock/contracts';
import { EntityMemory } from '../entity-memory.ts';
import { messageOf } from '../message-of.ts';
import { openEnvelope, SnapshotRefusedError } from '../open-envelope.ts';
import { ENTITY_LISTS, type EntityList } from '../split-body.ts';
import type { Places, ThreadAnswer, ThreadData, ThreadQuestion } from './thread-messages.ts';

/** Characters that the gateway reads without a pause: half a millisecond. */
const JSON_AT_ONCE = 32_768;

/** A quarter to a third of what other threads get where there are too few cores for all. */
const NICE = 5;
// Requests come first. Linux alone takes this for the one thread; elsewhere it would be the whole gateway.
if (process.platform === 'linux') os.setPriority(0, NICE);

const keys = workerData as ThreadData;
const memory = new EntityMemory();
/** Where each entity stood in its list of the last snapshot. */
let places = new Map<object, number>();
/** What the gateway has not got yet, and how much of it it has. */
let fresh: readonly object[] = [];
let told = 0;

parentPort?.on('message', (question: ThreadQuestion) => parentPort?.postMessage(answerTo(question)));

function answerTo(question: ThreadQuestion): ThreadAnswer {
  if (question.ask === 'entities') return nextEntities();
  try {
    return read(question);
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

function read({ bytes, origin }: Extract<ThreadQuestion, { ask: 'read' }>): ThreadAnswer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const { snapshot, checksum, quarantined } = openEnvelope(text, keys, origin, memory);
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
