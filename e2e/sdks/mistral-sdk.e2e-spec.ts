import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Mistral } from '@mistralai/mistralai';
import { failureOf } from './support/failure-of.ts';
import { modelOf, type ProviderName, SdkWorld } from './support/sdk-world.ts';

let world: SdkWorld;
let mistral: Mistral;
beforeAll(async () => {
  world = await SdkWorld.create();
  mistral = clientOf(world.keys.full);
});
afterAll(() => world.dispose());
beforeEach(() => world.vendors.reset());

/** The settings of docs/clients/mistral-sdk.md. */
const clientOf = (apiKey: string): Mistral => new Mistral({ serverURL: world.gateway.url, apiKey });

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters } }];
const question = { role: 'user' as const, content: 'Is it warm?' };

describe.each<{ provider: ProviderName; how: string }>([
  { provider: 'mistral', how: "passed through to Mistral's API" },
  { provider: 'claude', how: "translated to Anthropic's dialect" },
  { provider: 'google', how: "translated to Gemini's dialect" },
])("Mistral's SDK, $how", ({ provider }) => {
  const model = (scenario: string): string => modelOf(provider, scenario);

  it('completes a chat', async () => {
    const { choices, usage } = await mistral.chat.complete({ model: model('text'), messages: [question] });
    expect(choices[0]!.message!.content).toContain('Water flows');
    expect(choices[0]!.finishReason).toBe('stop');
    expect(usage.completionTokens).toBeGreaterThan(0);
  });

  it('streams a chat', async () => {
    const events = await Array.fromAsync(await mistral.chat.stream({ model: model('text'), messages: [question] }));
    const pieces = events.map(({ data }) => data.choices[0]?.delta.content ?? '');
    expect(pieces.filter((piece) => typeof piece === 'string').join('')).toContain('Water flows');
    expect(events.map(({ data }) => data.choices[0]?.finishReason).filter(Boolean)).toEqual(['stop']);
  });

  it.each(['tools', 'parallel-tools'])('calls tools and goes on: %s', async (scenario) => {
    const first = await mistral.chat.complete({ model: model(scenario), messages: [question], tools });
    const message = first.choices[0]!.message!;
    expect(first.choices[0]!.finishReason).toBe('tool_calls');
    const calls = message.toolCalls!;
    expect(calls.length).toBe(scenario === 'parallel-tools' ? 2 : 1);
    const results = calls.map((call) => {
      return { role: 'tool' as const, toolCallId: call.id!, name: call.function.name, content: '21 degrees' };
    });
    const messages = [question, { ...message, role: 'assistant' as const }, ...results];
    const second = await mistral.chat.complete({ model: model(scenario), messages, tools });
    expect(second.choices[0]!.message!.content).toContain('21 degrees');
    expect(world.vendors.ledger.violations).toEqual([]);
  });
});

describe("Mistral's SDK", () => {
  it('completes a chat with a model that only speaks Chat Completions', async () => {
    const { choices } = await mistral.chat.complete({ model: modelOf('lab', 'text'), messages: [question] });
    expect(choices[0]!.message!.content).toContain('Water flows');
  });

  it('embeds texts', async () => {
    const { data } = await mistral.embeddings.create({
      model: modelOf('mistral', 'text'),
      inputs: ['water', 'turbine'],
    });
    expect(data).toHaveLength(2);
    expect(data[0]!.embedding!.every(Number.isFinite)).toBe(true);
  });

  // It knows no models but Mistral's own, and hands out others as they came.
  it('lists the models', async () => {
    const { data } = await mistral.models.list();
    expect(data).toContainEqual(expect.objectContaining({ raw: expect.objectContaining({ id: 'sim-text' }) }));
  });

  it.each([
    { who: 'a wrong key', key: () => 'psk_wrong', model: 'lab/sim-text', statusCode: 401 },
    { who: 'a model of others', key: () => world.keys.narrow, model: 'sim-text', statusCode: 404 },
  ])('raises for $who', async ({ key, model, statusCode }) => {
    const error = await failureOf(clientOf(key()).chat.complete({ model, messages: [question] }));
    expect(error).toMatchObject({ statusCode });
  });

  it('raises, once, at a limit', async () => {
    const ask = (): PromiseLike<unknown> =>
      clientOf(world.keys.limited).chat.complete({ model: 'lab/sim-text', messages: [question] });
    await ask();
    expect(await failureOf(ask())).toMatchObject({ statusCode: 429 });
  });
});
