import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shareGlobalDispatcher } from '@penstock/testing';
import { usageEvents } from '../gateway/support/usage-stream.ts';
import { ChatCaller } from './callers/chat-caller.ts';
import { CompletionsCaller } from './callers/completions-caller.ts';
import { GenerateContentCaller } from './callers/generate-content-caller.ts';
import { MessagesCaller } from './callers/messages-caller.ts';
import { ResponsesCaller } from './callers/responses-caller.ts';
import { checkErrors } from './features/check-errors.ts';
import { checkImages } from './features/check-images.ts';
import { checkParallelTools } from './features/check-parallel-tools.ts';
import { checkReasoning } from './features/check-reasoning.ts';
import { checkStream } from './features/check-stream.ts';
import { checkStructuredOutput } from './features/check-structured-output.ts';
import { checkText } from './features/check-text.ts';
import { checkTools } from './features/check-tools.ts';
import { callerNames } from './support/caller.ts';
import { ConformanceWorld } from './support/conformance-world.ts';
import { featureNames } from './support/feature.ts';
import { type CellResult, runMatrix } from './support/matrix.ts';
import { upstreamNames } from './support/upstream.ts';

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

let world: ConformanceWorld;
let results: readonly CellResult[] = [];

beforeAll(async () => {
  shareGlobalDispatcher();
  world = await ConformanceWorld.create();
  const callers = [ChatCaller, ResponsesCaller, MessagesCaller, GenerateContentCaller, CompletionsCaller].map(
    (Caller) => new Caller(world),
  );
  results = await runMatrix(world, { callers, checks, atOnce: 8 });
}, 120_000);

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

it('never sent a vendor anything that it does not take', () => {
  expect(world.vendors.ledger.violations).toEqual([]);
});

it('wrote the tokens of every answer down', async () => {
  expect(world.truths.size).toBeGreaterThan(500);
  const events = new Map((await usageEvents(world.redis.url)).map((event) => [event.requestId, event]));
  const told = [...world.truths.keys()].map((id) => [id, events.get(id)?.usage]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(world.truths));
});
