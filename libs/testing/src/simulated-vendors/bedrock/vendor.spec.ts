import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import aws4 from 'aws4';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';
import { onePixelPng, weatherParameters } from '../weather-tool.ts';
import { type AwsCredentials, simulatedAwsCredentials } from './verify-signature.ts';

let vendors: SimulatedVendors;

beforeAll(async () => {
  vendors = await startSimulatedVendors();
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const messages = [{ role: 'user', content: [{ text: 'How does water flow?' }] }];
const toolConfig = { tools: [{ toolSpec: { name: 'get_weather', inputSchema: { json: weatherParameters } } }] };

/** Signs with an independent implementation and sends. */
const signed = (
  model: string,
  body: object,
  { method = 'converse', credentials = simulatedAwsCredentials, tamper = '' } = {},
) => {
  const path = `/model/${encodeURIComponent(model)}/${method}`;
  const text = JSON.stringify({ messages, ...body });
  const { host } = new URL(vendors.urls.bedrock);
  const options = {
    host,
    path,
    method: 'POST',
    service: 'bedrock',
    region: 'eu-central-1',
    headers: { 'Content-Type': 'application/json' },
    body: text,
  };
  const { headers } = aws4.sign(options, credentials satisfies AwsCredentials);
  const { Host: _, 'Content-Length': __, ...rest } = headers as Record<string, string>;
  return fetch(`${vendors.urls.bedrock}${path}`, { method: 'POST', headers: rest, body: text + tamper });
};

const call = async (model: string, body: object) =>
  (await (await signed(model, body)).json()) as {
    output: { message: { content: Record<string, { toolUseId: string }>[] } };
    message: string;
  };

/** The messages of a binary stream, each with its type and content. */
const decode = (bytes: Uint8Array) => {
  const codec = new EventStreamCodec(
    (input) => Buffer.from(input as Uint8Array).toString(),
    (input) => Buffer.from(input),
  );
  const found: { type: string; payload: Record<string, unknown> }[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
    const { headers, body } = codec.decode(bytes.subarray(at, at + length));
    const type = headers[':event-type'] ?? headers[':exception-type'];
    found.push({
      type: String(type?.value),
      payload: JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>,
    });
    at += length;
  }
  return found;
};

const stream = async (model: string, body: object = {}) => {
  const response = await signed(model, body, { method: 'converse-stream' });
  expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
  return decode(new Uint8Array(await response.arrayBuffer()));
};

describe('the Bedrock simulation', () => {
  it('verifies signatures of requests to models whose ids need encoding', async () => {
    expect((await signed('anthropic.claude-sonnet-4-5-20250929-v1:0-sim-text', {})).status).toBe(200);
    expect((await signed('sim-text', {}, { tamper: ' ' })).status).toBe(403);
    expect(vendors.ledger.violations).toMatchObject([{ kind: 'credentials', code: 'InvalidSignatureException' }]);
    const stranger = await signed('sim-text', {}, { credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'x' } });
    expect(stranger.headers.get('x-amzn-errortype')).toMatch(/^UnrecognizedClientException/);
  });

  it('streams binary events that the AWS codec reads, with the usage behind the stop', async () => {
    const events = await stream('sim-text');
    expect(events.map(({ type }) => type).filter((type) => type !== 'contentBlockDelta')).toEqual([
      'messageStart',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    const text = events
      .flatMap(({ payload }) => (payload['delta'] as { text?: string } | undefined)?.text ?? [])
      .join('');
    expect(text).toContain('Größe: 🌊');
    expect(events.at(-1)?.payload).toMatchObject({ usage: { outputTokens: vendors.ledger.last()?.usage?.output } });
  });

  it('plays a tool loop with signed thoughts', async () => {
    const body = { toolConfig, additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } };
    const first = await call('sim-reasoning-tools', body);
    const { content } = first.output.message;
    expect(content).toMatchObject([
      { reasoningContent: { reasoningText: {} } },
      { toolUse: { name: 'get_weather', input: { city: 'Paris' } } },
    ]);
    const toolUseId = content[1]?.['toolUse']?.toolUseId;
    const history = [
      ...messages,
      { role: 'assistant', content },
      { role: 'user', content: [{ toolResult: { toolUseId, content: [{ text: 'rain' }] } }] },
    ];
    const second = await call('sim-reasoning-tools', { ...body, messages: history });
    expect(second.output.message.content.at(-1)).toEqual({ text: 'The tools said: rain.' });
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('streams calls with a start and thoughts without', async () => {
    const events = await stream('sim-parallel-tools', { toolConfig });
    expect(events.filter(({ type }) => type === 'contentBlockStart').map(({ payload }) => payload)).toMatchObject([
      { contentBlockIndex: 0, start: { toolUse: { name: 'get_weather' } } },
      { contentBlockIndex: 1 },
    ]);
    const input = events
      .filter(({ payload }) => payload['contentBlockIndex'] === 1)
      .flatMap(
        ({ payload }) => (payload['delta'] as { toolUse?: { input: string } } | undefined)?.toolUse?.input ?? [],
      );
    expect(input.join('')).toBe('{"city":"London"}');
  });

  it('reports faults within a stream as exceptions, others by a header', async () => {
    expect((await stream('sim-error-first-event')).map(({ type }) => type)).toEqual(['throttlingException']);
    expect((await stream('sim-error-mid-stream')).at(-1)?.type).toBe('modelStreamErrorException');
    const failed = await signed('sim-error-rate-limit', {});
    expect({ status: failed.status, type: failed.headers.get('x-amzn-errortype') }).toEqual({
      status: 429,
      type: expect.stringMatching(/^ThrottlingException/),
    });
  });

  it('takes a bearer token, describes media and fits a schema', async () => {
    const content = [{ text: 'see' }, { image: { format: 'png', source: { bytes: onePixelPng } } }];
    const response = await fetch(`${vendors.urls.bedrock}/model/sim-image/converse`, {
      method: 'POST',
      headers: { authorization: 'Bearer t' },
      body: JSON.stringify({ messages: [{ role: 'user', content }] }),
    });
    expect(JSON.stringify(await response.json())).toMatch(/image image\/png 70 bytes/);
    const jsonSchema = { schema: JSON.stringify(weatherParameters), name: 'place' };
    const structured = await call('sim-structured', {
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } },
    });
    expect(structured.output.message.content).toEqual([{ text: '{"city":"Paris"}' }]);
  });
});

describe('what the Bedrock simulation refuses', () => {
  const toolUse = { toolUse: { toolUseId: 'a', name: 'f', input: {} } };
  const toolResult = { toolResult: { toolUseId: 'a', content: [{ text: 'x' }] } };
  const said = (role: string, ...content: object[]) => ({ role, content });
  const cases: [string, object, RegExp][] = [
    ['an unknown field', { max_tokens: 1 }, /'max_tokens' failed to satisfy constraint/],
    ['neighbours of one role', { messages: [...messages, ...messages] }, /must alternate/],
    [
      'a beginning by the assistant',
      { messages: [said('assistant', { text: 'a' })] },
      /must start with a user message/,
    ],
    ['a blank text', { messages: [said('user', { text: ' ' })] }, /is blank/],
    [
      'tools in the history without tools',
      { messages: [...messages, said('assistant', toolUse), said('user', toolResult)] },
      /toolConfig field must be defined/,
    ],
    [
      'a call without result',
      { toolConfig, messages: [...messages, said('assistant', toolUse), ...messages] },
      /Expected toolResult blocks/,
    ],
    ['two members of a union', { messages: [said('user', { text: 'a', ...toolResult })] }, /exactly one member/],
    [
      'a document without text',
      { messages: [said('user', { document: { name: 'a', format: 'pdf', source: { bytes: 'AAAA' } } })] },
      /text block is required/,
    ],
    [
      'a document with a dot in its name',
      {
        messages: [
          said('user', { text: 'a' }, { document: { name: 'a.pdf', format: 'pdf', source: { bytes: 'AAAA' } } }),
        ],
      },
      /file name/,
    ],
    [
      'forged thoughts',
      {
        messages: [
          ...messages,
          said('assistant', { reasoningContent: { reasoningText: { text: 't', signature: 'x' } } }),
          ...messages,
        ],
      },
      /Invalid `signature`/,
    ],
  ];

  it.each(cases)('%s', async (_name, body, message) => {
    expect((await call('sim-text', body)).message).toMatch(message);
    expect(vendors.ledger.violations).not.toEqual([]);
  });
});
