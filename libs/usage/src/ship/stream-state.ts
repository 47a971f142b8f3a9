import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';

/** What Redis says of the usage stream at one moment. */
export interface StreamState {
  /** Name of this stream's life; null when there is none (the first start, or a Redis that lost everything). */
  readonly epoch: string | null;
  /** Changes with every start of the server and with a failover. */
  readonly runId: string;
  /** Entries in the stream. */
  readonly length: number;
  /** How many entries were ever added; falls when the stream was deleted. */
  readonly entriesAdded: number;
  /** Whether the entry was acknowledged by a worker, which it does after its commit. */
  readonly isCommitted: (id: string) => boolean;
  /** The last entry up to which everything is acknowledged; null when nothing is. */
  readonly trimBelow: string | null;
}

type Reply = readonly [error: Error | null, result: unknown];

/** Reads the state in one transaction, since the parts are only true together. Rejects when Redis cannot be asked. */
export async function readStreamState(redis: Redis): Promise<StreamState> {
  const stream = redisNames.usageStream;
  const replies = (await redis
    .multi()
    .get(redisNames.usageEpoch)
    .info('server')
    .call('XINFO', 'STREAM', stream)
    .call('XINFO', 'GROUPS', stream)
    .call('XPENDING', stream, redisNames.usageConsumerGroup)
    .exec()) as Reply[] | null;
  if (!replies) throw new Error('the transaction on the usage stream was aborted');
  const [epoch, info, streamInfo, groups, pending] = replies.map(valueOf);
  const about = fields(streamInfo);
  return {
    epoch: typeof epoch === 'string' ? epoch : null,
    runId: /run_id:(\w+)/.exec(String(info))?.[1] ?? '',
    length: Number(about.get('length') ?? 0),
    entriesAdded: Number(about.get('entries-added') ?? 0),
    ...committedPart(lastDelivered(groups), pending),
  };
}

/** Orders stream ids (`<ms>-<sequence>`): negative when the first is older. */
export function compareIds(one: string, other: string): number {
  const [oneMs = 0, oneSequence = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split('-').map(Number);
  return oneMs - otherMs || oneSequence - otherSequence;
}

/** The smallest id above another. */
export function nextId(id: string): string {
  const [ms = '0', sequence = '0'] = id.split('-');
  return `${ms}-${BigInt(sequence) + 1n}`;
}

function committedPart(delivered: string | null, pending: unknown): Pick<StreamState, 'isCommitted' | 'trimBelow'> {
  if (delivered === null) return { isCommitted: () => false, trimBelow: null };
  const lowest: unknown = Array.isArray(pending) ? pending[1] : null;
  if (typeof lowest === 'string') {
    return { isCommitted: (id) => compareIds(id, lowest) < 0 && compareIds(id, delivered) <= 0, trimBelow: lowest };
  }
  return { isCommitted: (id) => compareIds(id, delivered) <= 0, trimBelow: nextId(delivered) };
}

function lastDelivered(groups: unknown): string | null {
  const all: unknown[] = Array.isArray(groups) ? groups : [];
  const group = all.map(fields).find((entry) => entry.get('name') === redisNames.usageConsumerGroup);
  const id = group?.get('last-delivered-id');
  return typeof id === 'string' ? id : null;
}

/** A stream or group that does not exist is an answer; anything else that failed is a failure. */
function valueOf([error, result]: Reply): unknown {
  if (error && !/no such key|NOGROUP/.test(error.message)) throw error;
  return error ? null : result;
}

/** Names and values, which come as one flat array, a map or an object, depending on the protocol's version. */
function fields(reply: unknown): Map<string, unknown> {
  if (reply instanceof Map) return reply as Map<string, unknown>;
  if (!Array.isArray(reply)) return new Map(Object.entries(reply ?? {}));
  const pairs = new Map<string, unknown>();
  for (let index = 0; index + 1 < reply.length; index += 2) pairs.set(String(reply[index]), reply[index + 1]);
  return pairs;
}
