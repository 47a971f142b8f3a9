import type { CanonicalPart, ToolCallPart, ToolResultPart } from '../canonical-part.ts';
import type { CanonicalTurn } from '../canonical-request.ts';

/** A call, the id that it has to itself in the whole conversation, and the result that belongs to it. */
export interface PairedCall {
  readonly call: ToolCallPart;
  readonly id: string;
  readonly result: ToolResultPart | undefined;
}

export interface ToolPairs {
  readonly calls: ReadonlyMap<ToolCallPart, PairedCall>;
  /** Results that no call asked for. */
  readonly orphans: ReadonlySet<ToolResultPart>;
}

/** Calls of one turn under one id; those from `next` on wait for their results. */
interface Waiting {
  readonly turn: CanonicalTurn;
  readonly calls: ToolCallPart[];
  next: number;
}

/**
 * Finds the result of each call. Where an id is used more than once, a result belongs to the latest turn that still waits for
 * it and there to the first such call; later calls get ids of their own (`_2`, `_3`, ...). A result before its call is an orphan.
 */
export function pairToolCalls(turns: readonly CanonicalTurn[]): ToolPairs {
  const waiting = new Map<string, Waiting[]>();
  const results = new Map<ToolCallPart, ToolResultPart>();
  const orphans = new Set<ToolResultPart>();
  const calls: ToolCallPart[] = [];
  const meet = (part: CanonicalPart, turn: CanonicalTurn): void => {
    if (part.type === 'tool-call') {
      calls.push(part);
      addWaiting(waiting, part, turn);
    } else if (part.type === 'tool-result') {
      const asked = takeWaiting(waiting.get(part.callId));
      if (asked) results.set(asked, part);
      else orphans.add(part);
    }
  };
  for (const turn of turns) for (const part of turn.parts) meet(part, turn);
  return { calls: withOwnIds(calls, results), orphans };
}

function addWaiting(waiting: Map<string, Waiting[]>, call: ToolCallPart, turn: CanonicalTurn): void {
  const groups = waiting.get(call.id) ?? [];
  waiting.set(call.id, groups);
  const latest = groups.at(-1);
  if (latest?.turn === turn) latest.calls.push(call);
  else groups.push({ turn, calls: [call], next: 0 });
}

function takeWaiting(groups: Waiting[] | undefined): ToolCallPart | undefined {
  const latest = groups?.at(-1);
  if (groups === undefined || latest === undefined) return undefined;
  const call = latest.calls[latest.next];
  latest.next += 1;
  if (latest.next === latest.calls.length) groups.pop();
  return call;
}

function withOwnIds(
  calls: readonly ToolCallPart[],
  results: ReadonlyMap<ToolCallPart, ToolResultPart>,
): ReadonlyMap<ToolCallPart, PairedCall> {
  const given = new Set(calls.map(({ id }) => id));
  const used = new Map<string, number>();
  return new Map(
    calls.map((call) => {
      let count = (used.get(call.id) ?? 0) + 1;
      const nth = (): string => (count === 1 ? call.id : `${call.id}_${count}`);
      while (count > 1 && given.has(nth())) count += 1;
      used.set(call.id, count);
      const id = nth();
      given.add(id);
      return [call, { call, id, result: results.get(call) }];
    }),
  );
}
