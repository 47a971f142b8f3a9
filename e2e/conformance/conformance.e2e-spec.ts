import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shareGlobalDispatcher } from '@penstock/testing';
import { usageEvents } from '../gateway/support/usage-stream.ts';
import { ChatCaller } from './callers/chat-caller.ts';
import { CompletionsCaller } from './callers/completions-caller.ts';
import { GenerateContentCaller } from './callers/generate-content-caller.ts';
import { MessagesCaller } from './callers/messages-caller.ts';
import { OlderMessagesCaller } from './callers/older-messages-caller.ts';
import { ResponsesCaller } from './callers/responses-caller.ts';
import { checkErrors } from './features/check-errors.ts';
import { checkImages } from './features/check-images.ts';
import { checkParallelTools } from './features/check-parallel-tools.ts';
import { checkReasoning } from './features/check-reasoning.ts';
import { checkStream } from './features/check-stream.ts';
import { checkStructuredOutput } from './features/check-structured-output.ts';
import { checkText } from './features/check-text.ts';
import { checkTools } from './features/check-tools.ts';
import { type Caller, callerNames, type Door } from './support/caller.ts';
import { readPage, renderPage, writePage } from './support/compatibility-page.ts';
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

it('is what docs/compatibility.md says, cell by cell', () => {
  const page = renderPage(results);
  if (process.env['CI'] !== 'true') writePage(page);
  expect(readPage()).toBe(page);
});

it.each([
  ['chat', 'openai-chat', 'openai-responses'],
  ['responses', 'openai-responses', 'vllm'],
  ['messages', 'anthropic', 'vllm'],
  ['generate-content', 'gemini', 'vllm'],
  ['completions', 'vllm', 'anthropic'],
])('shape %s', async (caller, own) => {
  for (const stream of [false, true]) {
    const reference = await world.shapes.of(caller, stream, (name) => name === own);
    const passing: Record<string, string[]> = {
      chat: ['openai-chat', 'vllm', 'vllm-text-only', 'azure-openai-v1', 'azure-openai-deployments'],
      responses: ['openai-chat', 'openai-responses', 'azure-openai-v1', 'azure-openai-deployments'],
      messages: ['anthropic', 'anthropic-budget'],
      'generate-content': ['gemini'],
      completions: ['openai-chat', 'vllm', 'vllm-text-only', 'azure-openai-v1', 'azure-openai-deployments'],
    };
    const translated = await world.shapes.of(caller, stream, (name) => !passing[caller]?.includes(name));
    const lines: string[] = [];
    for (const [path, types] of reference) {
      const ours = translated.get(path);
      if (!ours) lines.push(`missing ${path}: ${[...types]}`);
      else if ([...ours].sort().join() !== [...types].sort().join())
        lines.push(`differs ${path}: ${[...types]} vs ${[...ours]}`);
    }
    for (const [path, types] of translated) if (!reference.has(path)) lines.push(`extra ${path}: ${[...types]}`);
    console.log(caller, stream, lines.join('\n'));
  }
});
