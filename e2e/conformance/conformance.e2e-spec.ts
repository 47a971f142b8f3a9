import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shareGlobalDispatcher, waitUntil } from '@penstock/testing';
import { usageEvents } from '../gateway/support/usage-stream.ts';
import { ChatCaller } from './callers/chat-caller.ts';
import { CompletionsCaller } from './callers/completions-caller.ts';
import { GenerateContentCaller } from './callers/generate-content-caller.ts';
import { MessagesCaller } from './callers/messages-caller.ts';
import { OlderMessagesCaller } from './callers/older-messages-caller.ts';
import { ResponsesCaller } from './callers/responses-caller.ts';
import { checkErrors } from './features/check-errors.ts';
import { checkImages } from './features/check-images.ts';
import { checkMove } from './features/check-move.ts';
import { checkParallelTools } from './features/check-parallel-tools.ts';
import { checkReasoning } from './features/check-reasoning.ts';
import { checkStream } from './features/check-stream.ts';
import { checkStructuredOutput } from './features/check-structured-output.ts';
import { checkText } from './features/check-text.ts';
import { checkTools } from './features/check-tools.ts';
import { type Caller, callerNames, type Door } from './support/caller.ts';
import { Cell } from './support/cell.ts';
import { readPage, renderPage, writePage } from './support/compatibility-page.ts';
import { ConformanceWorld } from './support/conformance-world.ts';
import { featureNames } from './support/feature.ts';
import { oddFields } from './support/odd-fields.ts';
import { type CellResult, runMatrix } from './support/matrix.ts';
import { upstreamNames, upstreams } from './support/upstream.ts';

const checks = {
  text: checkText,
  stream: checkStream,
  tools: checkTools,
  'parallel-tools': checkParallelTools,
  images: checkImages,
  'structured-output': checkStructuredOutput,
  reasoning: checkReasoning,
  errors: checkErrors,
};

const callersOf = (door: Door): readonly Caller[] => [
  new ChatCaller(door),
  new ResponsesCaller(door),
  new MessagesCaller(door),
  new OlderMessagesCaller(door),
  new GenerateContentCaller(door),
  new CompletionsCaller(door),
];

let world: ConformanceWorld;
let results: readonly CellResult[] = [];

beforeAll(async () => {
  shareGlobalDispatcher();
  world = await ConformanceWorld.create();
  results = await runMatrix(world, { callers: callersOf(world), checks, atOnce: 8 });
}, 240_000);

afterAll(() => world?.dispose());

describe.each(callerNames)('%s', (caller) => {
  describe.each(upstreamNames)('of %s', (upstream) => {
    it.each(featureNames)('%s', (feature) => {
      const found = results.filter(
        (one) => one.caller.name === caller && one.upstream.name === upstream && one.feature === feature,
      );
      expect(found).toHaveLength(1);
      const result = found[0]?.result;
      if (result?.kind === 'failed') throw result.error;
    });
  });
});

describe.each(callerNames.filter((caller) => caller !== 'completions'))(
  'a conversation of %s goes on with every other vendor',
  (name) => {
    it.each(upstreamNames)('after %s', async (first) => {
      const caller = callersOf(world).find((one) => one.name === name);
      if (!caller) throw new Error('there is no such caller');
      const [from, ...others] = upstreams
        .toSorted((one) => (one.name === first ? -1 : 1))
        .map((upstream) => new Cell(world, caller, upstream));
      if (from?.upstream.name !== first) throw new Error('there is no such upstream');
      await checkMove(from, others);
    });
  },
);

it('never sent a vendor anything that it does not take', () => {
  const { entries, violations } = world.vendors.ledger;
  expect(violations).toEqual([]);
  // The ledger forgets the oldest requests when there are too many: none was.
  expect(entries[0]?.id).toBe(1);
});

it('wrote the tokens of every answer down', async () => {
  expect(world.truths.size).toBeGreaterThan(500);
  const isThere = async () => {
    const events = new Map((await usageEvents(world.redis.url)).map(({ requestId, usage }) => [requestId, usage]));
    return [...world.truths.keys()].every((id) => events.has(id)) && events;
  };
  const told = await waitUntil('all usage events', isThere, { timeoutMs: 15_000, intervalMs: 250 });
  const answers = [...world.truths.keys()].map((id) => [id, told.get(id)]);
  expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(world.truths));
});

describe('translated answers', () => {
  it.each(callerNames)("to %s have the fields of the vendor's own", async (caller) => {
    for (const stream of [false, true]) expect(await oddFields(world.shapes, caller, stream)).toEqual([]);
  });
});

it('is what docs/compatibility.md says, cell by cell', () => {
  const page = renderPage(results);
  if (process.env['CI'] !== 'true') writePage(page);
  expect(readPage()).toBe(page);
});
