// LangChain's ChatOpenAI and OpenAIEmbeddings, unchanged, against a gateway.
import assert from 'node:assert/strict';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { runChecks } from './run-checks.mjs';

const { PENSTOCK_URL, PENSTOCK_KEY, SPENT_KEY, MODELS } = process.env;
const configuration = { baseURL: `${PENSTOCK_URL}/v1` };
/** For each provider of the gateway, how a model is named that acts out a scenario. */
const models = JSON.parse(MODELS);
const weather = tool(({ city }) => `21 degrees in ${city}`, {
  name: 'get_weather',
  description: 'The weather in a city',
  schema: z.object({ city: z.string() }),
});

async function invokes(chat) {
  const answer = await chat('text').invoke('Hello');
  assert.match(answer.text, /Water flows/);
  assert.ok(answer.usage_metadata.output_tokens > 0);
}

async function streams(chat) {
  const chunks = await Array.fromAsync(await chat('text').stream('Hello'));
  assert.ok(chunks.length > 2, 'the text came in pieces');
  assert.match(chunks.map(({ text }) => text).join(''), /Water flows/);
}

async function usesTools(chat) {
  const model = chat('tools').bindTools([weather]);
  const question = new HumanMessage('Is it warm?');
  const first = await model.invoke([question]);
  assert.equal(first.tool_calls.length, 1);
  const result = await weather.invoke(first.tool_calls[0]);
  assert.ok(ToolMessage.isInstance(result));
  assert.match((await model.invoke([question, first, result])).text, /21 degrees/);
}

async function makesObjects(chat) {
  const model = chat('structured').withStructuredOutput(z.object({ city: z.string() }), { method: 'jsonSchema' });
  assert.equal(typeof (await model.invoke('A city')).city, 'string');
}

async function raisesOnBrokenStreams(chat) {
  for (const scenario of ['error-mid-stream', 'cut']) {
    const reading = async () => Array.fromAsync(await chat(scenario).stream('Hello'));
    await assert.rejects(reading, Error, scenario);
  }
}

const whats = {
  invokes,
  streams,
  'uses tools': usesTools,
  'makes objects': makesObjects,
  'raises when a stream fails': raisesOnBrokenStreams,
};

const checks = {};
for (const [kind, useResponsesApi] of Object.entries({ chat: false, responses: true })) {
  for (const [provider, pattern] of Object.entries(models)) {
    const chat = (scenario) =>
      new ChatOpenAI({
        model: pattern.replace('*', scenario),
        apiKey: PENSTOCK_KEY,
        configuration,
        useResponsesApi,
        maxRetries: 0,
      });
    for (const [what, run] of Object.entries(whats)) checks[`${kind}, ${provider}: ${what}`] = () => run(chat);
  }
}

checks['embeds texts'] = async () => {
  const model = models.lab.replace('*', 'text');
  const embeddings = new OpenAIEmbeddings({ model, apiKey: PENSTOCK_KEY, configuration });
  const vectors = await embeddings.embedDocuments(['water', 'turbine']);
  assert.equal(vectors.length, 2);
  assert.ok(vectors.flat().every(Number.isFinite));
};

checks['raises for a wrong key'] = async () => {
  const model = new ChatOpenAI({ model: models.lab.replace('*', 'text'), apiKey: 'psk_wrong', configuration });
  await assert.rejects(model.invoke('Hello'), { status: 401 });
};

checks['raises, once, when a quota is used up'] = async () => {
  let requests = 0;
  const counting = (...args) => {
    requests += 1;
    return fetch(...args);
  };
  const model = new ChatOpenAI({
    model: models.lab.replace('*', 'text'),
    apiKey: SPENT_KEY,
    configuration: { ...configuration, fetch: counting },
  });
  await model.invoke('Hello');
  requests = 0;
  await assert.rejects(model.invoke('Hello'), /used up/);
  assert.equal(requests, 1);
};

await runChecks(checks);
