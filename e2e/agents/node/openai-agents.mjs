// OpenAI's Agents SDK, unchanged, against a gateway.
import assert from 'node:assert/strict';
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents';
import { z } from 'zod';
import { runChecks } from './run-checks.mjs';

const { PENSTOCK_URL, PENSTOCK_KEY, MODELS } = process.env;
setTracingDisabled(true); // traces go to OpenAI, with the key of the agent

/** For each provider of the gateway, how a model is named that acts out a scenario. */
const models = JSON.parse(MODELS);
const weather = tool({
  name: 'get_weather',
  description: 'The weather in a city',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `21 degrees in ${city}`,
});

const runnerOf = (apiKey, useResponses) =>
  new Runner({
    modelProvider: new OpenAIProvider({ apiKey, baseURL: `${PENSTOCK_URL}/v1`, useResponses }),
  });
const agentOf = (model, rest = {}) => new Agent({ name: 'Assistant', instructions: 'Be brief.', model, ...rest });

async function answers(runner, model) {
  const { finalOutput } = await runner.run(agentOf(model('text')), 'Hello');
  assert.match(finalOutput, /Water flows/);
}

async function streams(runner, model) {
  const result = await runner.run(agentOf(model('text')), 'Hello', { stream: true });
  const pieces = await Array.fromAsync(result.toTextStream());
  await result.completed;
  assert.ok(pieces.length > 1, 'the text came in pieces');
  assert.match(result.finalOutput, /Water flows/);
}

async function usesTools(runner, model) {
  for (const scenario of ['tools', 'reasoning-tools', 'parallel-tools']) {
    const { finalOutput } = await runner.run(agentOf(model(scenario), { tools: [weather] }), 'Is it warm?');
    assert.match(finalOutput, /21 degrees/, scenario);
  }
}

async function handsOver(runner, model) {
  const specialist = agentOf(model('text'), { name: 'Specialist', handoffDescription: 'Knows about water' });
  const result = await runner.run(agentOf(model('tools'), { handoffs: [specialist] }), 'Ask the specialist.');
  assert.equal(result.lastAgent.name, 'Specialist');
  assert.match(result.finalOutput, /Specialist/); // the simulated model repeats what the hand-over returned
}

async function makesObjects(runner, model) {
  const outputType = z.object({ city: z.string() });
  const { finalOutput } = await runner.run(agentOf(model('structured'), { outputType }), 'A city');
  assert.equal(typeof finalOutput.city, 'string');
}

const whats = {
  answers,
  streams,
  'uses tools': usesTools,
  'hands over': handsOver,
  'makes objects': makesObjects,
};

const checks = {};
for (const [kind, useResponses] of Object.entries({ responses: true, chat: false })) {
  for (const [provider, pattern] of Object.entries(models)) {
    const model = (scenario) => pattern.replace('*', scenario);
    for (const [what, run] of Object.entries(whats)) {
      checks[`${kind}, ${provider}: ${what}`] = () => run(runnerOf(PENSTOCK_KEY, useResponses), model);
    }
  }
}

checks['raises for a wrong key'] = async () => {
  const running = runnerOf('psk_wrong', true).run(agentOf(models.lab.replace('*', 'text')), 'Hello');
  await assert.rejects(running, { status: 401 });
};

await runChecks(checks);
