// Vercel's AI SDK, unchanged, against a gateway: each of its providers that Penstock has a surface for.
import assert from 'node:assert/strict';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { runChecks } from './run-checks.mjs';

const { PENSTOCK_URL, PENSTOCK_KEY, SPENT_KEY, MODELS } = process.env;
const baseURL = `${PENSTOCK_URL}/v1`;
const openai = createOpenAI({ baseURL, apiKey: PENSTOCK_KEY });
const anthropic = createAnthropic({ baseURL, apiKey: PENSTOCK_KEY });
const compatible = createOpenAICompatible({
  name: 'penstock',
  baseURL,
  apiKey: PENSTOCK_KEY,
  includeUsage: true,
  supportsStructuredOutputs: true,
});

const kinds = { responses: openai, chat: (id) => openai.chat(id), anthropic, compatible };
/** For each provider of the gateway, how a model is named that acts out a scenario. */
const models = JSON.parse(MODELS);
// Nothing is stored for the caller, so that the SDK must send its items again instead of references to them.
const providerOptions = { openai: { store: false } };
const weather = tool({
  description: 'The weather in a city',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `21 degrees in ${city}`,
});

async function generates(model) {
  const { text, finishReason, usage } = await generateText({ model: model('text'), prompt: 'Hello', maxRetries: 0 });
  assert.match(text, /Water flows/);
  assert.equal(finishReason, 'stop');
  assert.ok(usage.outputTokens > 0);
}

async function streams(model) {
  const { textStream, usage } = streamText({ model: model('text'), prompt: 'Hello', maxRetries: 0 });
  const pieces = await Array.fromAsync(textStream);
  assert.ok(pieces.length > 1, 'the text came in pieces');
  assert.match(pieces.join(''), /Water flows/);
  assert.ok((await usage).outputTokens > 0);
}

async function usesTools(model) {
  for (const scenario of ['tools', 'reasoning-tools']) {
    const settings = {
      prompt: 'Is it warm?',
      tools: { weather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
      providerOptions,
    };
    const { text, steps } = await generateText({ model: model(scenario), ...settings });
    assert.match(text, /21 degrees/);
    assert.equal(steps.length, 2);
    const streamed = streamText({ model: model(scenario), ...settings });
    assert.match((await Array.fromAsync(streamed.textStream)).join(''), /21 degrees/);
  }
}

async function makesObjects(model) {
  const output = Output.object({ schema: z.object({ city: z.string() }) });
  const answer = await generateText({ model: model('structured'), prompt: 'A city', output, maxRetries: 0 });
  assert.equal(typeof answer.output.city, 'string');
}

async function raisesOnBrokenStreams(model) {
  for (const scenario of ['error-mid-stream', 'cut']) {
    const errors = [];
    const onError = ({ error }) => errors.push(error);
    const answer = streamText({ model: model(scenario), prompt: 'Hello', maxRetries: 0, onError });
    await answer.consumeStream({ onError: () => {} });
    assert.equal(errors.length, 1, `${scenario}: ${errors.length} errors`);
  }
}

const whats = {
  'generates text': generates,
  'streams text': streams,
  'uses tools': usesTools,
  'makes objects': makesObjects,
  'raises when a stream fails': raisesOnBrokenStreams,
};

const checks = {};
for (const [kind, create] of Object.entries(kinds)) {
  for (const [provider, pattern] of Object.entries(models)) {
    const model = (scenario) => create(pattern.replace('*', scenario));
    for (const [what, run] of Object.entries(whats)) checks[`${kind}, ${provider}: ${what}`] = () => run(model);
  }
}

checks['embeds texts'] = async () => {
  const model = openai.embeddingModel(models.lab.replace('*', 'text'));
  const { embeddings } = await embedMany({ model, values: ['water', 'turbine'] });
  assert.equal(embeddings.length, 2);
  assert.ok(embeddings.flat().every(Number.isFinite));
};

checks['raises APICallError for a wrong key'] = async () => {
  for (const create of [createOpenAI, createAnthropic]) {
    const model = create({ baseURL, apiKey: 'psk_wrong' })(models.lab.replace('*', 'text'));
    const failing = generateText({ model, prompt: 'Hello' });
    await assert.rejects(failing, (error) => APICallError.isInstance(error) && error.statusCode === 401);
  }
};

checks['says why a quota refuses'] = async () => {
  let requests = 0;
  const counting = (...args) => {
    requests += 1;
    return fetch(...args);
  };
  const model = createOpenAI({ baseURL, apiKey: SPENT_KEY, fetch: counting })(models.lab.replace('*', 'text'));
  await generateText({ model, prompt: 'Hello' });
  requests = 0;
  await assert.rejects(generateText({ model, prompt: 'Hello', maxRetries: 0 }), /used up/);
  assert.equal(requests, 1);
};

await runChecks(checks);
