import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { readSse } from '../read-sse.ts';
import { waitUntil } from '../wait-until.ts';
import type { BehaviourChange } from './behaviour.ts';
import { type SimulatedUpstream, startSimulatedUpstream } from './simulated-upstream.ts';

let upstream: SimulatedUpstream;

beforeAll(async () => {
  upstream = await startSimulatedUpstream();
});
afterEach(() => upstream.reset());
afterAll(() => upstream.stop());

const chat = { model: 'simulated-chat', messages: [{ role: 'user' as const, content: 'one two three' }] };

const post = (body: object, path = '/chat/completions', signal: AbortSignal | null = null): Promise<Response> =>
  fetch(`${upstream.url}${path}`, { method: 'POST', body: JSON.stringify(body), signal });

const stream = async (simulate: BehaviourChange, extra: object = {}) => {
  const events = await readSse(await post({ ...chat, stream: true, simulate, ...extra }));
  return events.map(({ data }) => data);
};

describe('SimulatedUpstream', () => {
  it('answers the official SDK, with and without a stream', async () => {
    const client = new OpenAI({ baseURL: upstream.url, apiKey: 'x' });
    const whole = await client.chat.completions.create({ ...chat, max_tokens: 3 });
    expect(whole.choices[0]).toMatchObject({ message: { content: 'water flows through' }, finish_reason: 'length' });
    expect(whole.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 3 });
    let text = '';
    const options = { include_usage: true };
    for await (const chunk of await client.chat.completions.create({
      ...chat,
      stream: true,
      stream_options: options,
    })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text.split(' ')).toHaveLength(16);
  });

  it('keeps the truth of what it received and generated', async () => {
    await post({ ...chat, max_tokens: 5 });
    const [entry] = upstream.ledger.entries;
    expect(entry).toMatchObject({ inputTokens: 7, outputTokens: 5, finished: true, status: 200, violation: null });
    expect(JSON.parse(Buffer.from(entry?.body ?? '', 'base64').toString())).toEqual({ ...chat, max_tokens: 5 });
    expect(upstream.ledger.totals()).toMatchObject({ requests: 1, finished: 1, outputTokens: 5 });
  });

  it('sees a caller leave', async () => {
    const abort = new AbortController();
    const response = await post({ ...chat, stream: true, simulate: { tokenDelayMs: 50 } }, undefined, abort.signal);
    await response.body?.getReader().read();
    abort.abort();
    const entry = await waitUntil('the abort', () =>
      upstream.ledger.entries.find(({ abortedAt }) => abortedAt !== null),
    );
    expect(entry.finished).toBe(false);
    expect(upstream.inFlight).toBe(0);
  });

  it('refuses what the vendor does not know, and remembers it', async () => {
    const response = await post({ ...chat, made_up: 1 });
    expect([response.status, upstream.ledger.totals().violations]).toEqual([400, 1]);
  });

  it('answers 404 for a model it does not have', async () => {
    expect((await post({ ...chat, model: 'other' })).status).toBe(404);
  });

  it('reports usage in the stream only when it is asked to', async () => {
    expect((await stream({})).some((data) => data.includes('"usage"'))).toBe(false);
    expect((await stream({}, { stream_options: { include_usage: true } })).at(-2)).toContain('"choices":[]');
  });

  it('calls a tool when it is asked to, in several pieces', async () => {
    const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
    const events = await stream({}, { tools, messages: [{ role: 'user', content: 'please call weather' }] });
    const parts = events.flatMap((data) => /"arguments":"((?:\\.|[^"\\])*)"/.exec(data)?.[1] ?? []);
    expect(JSON.parse(JSON.parse(`"${parts.join('')}"`) as string)).toEqual({ city: 'Paris' });
  });

  it('gives embeddings as numbers and as base64', async () => {
    const request = { model: 'simulated-embeddings', input: ['a b', 'c'] };
    const floats = (await (await post(request, '/embeddings')).json()) as { data: { embedding: number[] }[] };
    const encoded = (await (await post({ ...request, encoding_format: 'base64' }, '/embeddings')).json()) as {
      data: { embedding: string }[];
    };
    const bytes = Buffer.from(encoded.data[0]?.embedding ?? '', 'base64');
    expect(bytes.readFloatLE(0)).toBeCloseTo(floats.data[0]?.embedding[0] ?? Number.NaN, 5);
  });

  it.each<BehaviourChange>([{ lineEnd: '\r\n' }, { lineEnd: '\r' }, { pieceBytes: 7 }, { oddFraming: true }])(
    'says the same in the framing %j',
    async (simulate) => {
      const content = (data: string): unknown =>
        data === '[DONE]' ? data : (JSON.parse(data) as { choices: unknown }).choices;
      expect((await stream(simulate)).map(content)).toEqual((await stream({})).map(content));
    },
  );

  it.each<[BehaviourChange['fault'], number]>([
    [{ kind: 'status', status: 503, message: 'busy', headers: { 'retry-after': '2' } }, 503],
    [{ kind: 'html' }, 200],
    [{ kind: 'gzip' }, 200],
  ])('plays %j', async (fault, status) => {
    expect((await post({ ...chat, simulate: { fault } })).status).toBe(status);
  });

  it.each<BehaviourChange['fault']>([
    { kind: 'cut', reset: true },
    { kind: 'cut', reset: false },
    { kind: 'garbage' },
    { kind: 'wrong-content-length' },
  ])('breaks the connection by %j', async (fault) => {
    await expect(post({ ...chat, simulate: { fault } }).then((response) => response.text())).rejects.toThrow();
  });

  it('cuts a stream where it is told to', async () => {
    const fault = { kind: 'cut' as const, beforeEvent: 3, reset: false };
    await expect(stream({ fault })).rejects.toThrow();
    expect(upstream.ledger.totals()).toMatchObject({ outputTokens: 2, finished: 0 });
  });

  it('ends a stream without its marker, or with an error', async () => {
    expect((await stream({ fault: { kind: 'no-done' } })).at(-1)).toContain('finish_reason');
    expect((await stream({ fault: { kind: 'error-event', beforeEvent: 2 } })).at(-2)).toContain(
      'simulated engine failure',
    );
  });

  it('is steered over HTTP too', async () => {
    const origin = upstream.url.replace('/v1', '');
    await fetch(`${origin}/__configure`, { method: 'POST', body: JSON.stringify({ outputTokens: 2 }) });
    expect(
      ((await (await post(chat)).json()) as { usage: { completion_tokens: number } }).usage.completion_tokens,
    ).toBe(2);
    const ledger = (await (await fetch(`${origin}/__ledger`)).json()) as { totals: { requests: number } };
    expect(ledger.totals.requests).toBe(1);
  });
});
