import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import AnthropicBefore1 from 'anthropic-sdk-0';
import { failureOf } from './support/failure-of.ts';
import { modelOf, type ProviderName, SdkWorld } from './support/sdk-world.ts';

let world: SdkWorld;
beforeAll(async () => {
  world = await SdkWorld.create();
});
afterAll(() => world.dispose());
beforeEach(() => world.vendors.reset());

const versions = [
  { version: '1.12.0', Sdk: Anthropic },
  // What is called here is spelled alike in both; their types only differ in name.
  { version: '0.137.0', Sdk: AnthropicBefore1 as unknown as typeof Anthropic },
];
const providers: readonly { readonly provider: ProviderName; readonly how: string }[] = [
  { provider: 'lab', how: 'translated to Chat Completions' },
  { provider: 'claude', how: "passed through to Anthropic's API" },
];
const hello: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello' }];
const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather in a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

function textOf({ content }: { readonly content: readonly { readonly type: string }[] }): string {
  return content.map((block) => ('text' in block ? block.text : '')).join('');
}

describe.each(versions)("Anthropic's SDK $version", ({ Sdk }) => {
  const client = (apiKey = world.keys.full): Anthropic => {
    return new Sdk({ baseURL: world.gateway.url, apiKey, maxRetries: 0 });
  };

  describe.each(providers)('$how', ({ provider }) => {
    const ask = (scenario: string, messages = hello): Anthropic.MessageCreateParamsNonStreaming => {
      return { model: modelOf(provider, scenario), max_tokens: 512, messages };
    };

    it('creates a message', async () => {
      const message = await client().messages.create(ask('text'));
      expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
      expect(textOf(message)).toContain('Water flows');
      expect(message.usage.input_tokens).toBeGreaterThan(0);
      expect(message.usage.output_tokens).toBeGreaterThan(0);
      expect(message._request_id).toBeTruthy();
    });

    it('streams a message and puts it together', async () => {
      const stream = client().messages.stream(ask('text'));
      let text = '';
      stream.on('text', (delta) => (text += delta));
      const message = await stream.finalMessage();
      expect(text).toContain('Water flows');
      expect(textOf(message)).toBe(text);
      expect(message.stop_reason).toBe('end_turn');
      expect(message.usage.output_tokens).toBeGreaterThan(0);
    });

    it.each(['tools', 'reasoning-tools', 'parallel-tools'])('calls tools and goes on: %s', async (scenario) => {
      const first = await client()
        .messages.stream({ ...ask(scenario), tools: [weather] })
        .finalMessage();
      expect(first.stop_reason).toBe('tool_use');
      const calls = first.content.filter((block) => block.type === 'tool_use');
      expect(calls.length).toBe(scenario === 'parallel-tools' ? 2 : 1);
      expect(calls[0]).toMatchObject({ name: 'get_weather', input: { city: expect.any(String) } });
      const results = calls.map(({ id }): Anthropic.ToolResultBlockParam => {
        return { type: 'tool_result', tool_use_id: id, content: '21 degrees' };
      });
      const turns: Anthropic.MessageParam[] = [
        ...hello,
        { role: 'assistant', content: first.content },
        { role: 'user', content: results },
      ];
      const second = await client().messages.create({ ...ask(scenario, turns), tools: [weather] });
      expect(textOf(second)).toContain('21 degrees');
      expect(world.vendors.ledger.violations).toEqual([]);
    });

    it('creates a beta message', async () => {
      const message = await client().beta.messages.create({
        ...(ask('text') as Anthropic.Beta.MessageCreateParamsNonStreaming),
        betas: ['context-management-2025-06-27'],
      });
      expect(textOf(message)).toContain('Water flows');
    });

    it('counts tokens', async () => {
      const { model, messages } = ask('text');
      const { input_tokens: tokens } = await client().messages.countTokens({ model, messages });
      expect(tokens).toBeGreaterThan(0);
    });

    it('raises NotFoundError for what the upstream does not have', async () => {
      const error = await failureOf(client().messages.create({ ...ask('text'), model: `${provider}/unknown` }));
      expect(error).toBeInstanceOf(Sdk.NotFoundError);
      expect(error).toMatchObject({ status: 404, type: 'not_found_error' });
    });

    it.each(['error-mid-stream', 'cut', 'truncated'])('raises when a stream fails: %s', async (scenario) => {
      const error = await failureOf(client().messages.stream(ask(scenario)).finalMessage());
      expect(error).toBeInstanceOf(Sdk.AnthropicError);
    });

    it('raises APIUserAbortError, and the generation ends, when its caller aborts', async () => {
      const caller = new AbortController();
      const stream = await client().messages.create({ ...ask('slow'), stream: true }, { signal: caller.signal });
      for await (const event of stream) if (event.type === 'content_block_delta') break;
      caller.abort();
      await waitUntil('the upstream to notice', () => world.vendors.ledger.last()?.aborted === true);
      const again = new AbortController();
      const whole = failureOf(client().messages.create(ask('slow'), { signal: again.signal }));
      setTimeout(() => again.abort(), 50);
      expect(await whole).toBeInstanceOf(Sdk.APIUserAbortError);
    });
  });

  it('lists the models', async () => {
    const ids = (await Array.fromAsync(client().models.list())).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['sim-text', 'claude/sim-text']));
    expect(await client().models.retrieve('claude/sim-text')).toMatchObject({ type: 'model', id: 'claude/sim-text' });
  });

  it('raises AuthenticationError for a wrong key', async () => {
    const error = await failureOf(client('psk_wrong').models.list());
    expect(error).toBeInstanceOf(Sdk.AuthenticationError);
    expect(error).toMatchObject({ status: 401, type: 'authentication_error', requestID: expect.any(String) });
  });

  it('raises NotFoundError for a model that the key may not use', async () => {
    const create = client(world.keys.narrow).messages.create({ model: 'sim-tools', max_tokens: 9, messages: hello });
    expect(await failureOf(create)).toBeInstanceOf(Sdk.NotFoundError);
  });

  it('raises RateLimitError at a limit', async () => {
    const create = (): PromiseLike<unknown> =>
      client(world.keys.limited).messages.create({ model: 'lab/sim-text', max_tokens: 9, messages: hello });
    await create().then(undefined, () => undefined); // the first of the hour, whichever version sends it
    const error = await failureOf(create());
    expect(error).toBeInstanceOf(Sdk.RateLimitError);
    expect(error).toMatchObject({ type: 'rate_limit_error' });
    expect(Number((error as InstanceType<typeof Anthropic.RateLimitError>).headers.get('retry-after'))).toBeGreaterThan(
      0,
    );
  });

  it('raises a billing error, once, when a quota is used up', async () => {
    const spender = new Sdk({ baseURL: world.gateway.url, apiKey: world.keys.spent }); // with its usual retries
    const create = (): PromiseLike<unknown> =>
      spender.messages.create({ model: 'lab/sim-text', max_tokens: 9, messages: hello });
    await create().then(undefined, () => undefined);
    expect(await failureOf(create())).toMatchObject({ status: 402, type: 'billing_error' });
  });
});
