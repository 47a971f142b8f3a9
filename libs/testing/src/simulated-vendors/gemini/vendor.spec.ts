import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Content,
  FunctionCallingConfigMode,
  type GenerateContentResponse,
  GoogleGenAI,
  Type,
} from '@google/genai';
import { shareGlobalDispatcher } from '../../share-global-dispatcher.ts';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';
import { mintSignature } from '../turn/signature-mint.ts';
import { onePixelPng } from '../weather-tool.ts';

let vendors: SimulatedVendors;
let client: GoogleGenAI;

beforeAll(async () => {
  shareGlobalDispatcher();
  vendors = await startSimulatedVendors();
  client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: vendors.urls.gemini } });
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const functionDeclarations = [
  { name: 'get_weather', parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } } },
];
const tools = [{ functionDeclarations }];
const contents = 'How does water flow?';

const collect = async (stream: AsyncGenerator<GenerateContentResponse>) => {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  return { chunks, parts, last: chunks.at(-1) };
};

const post = async (body: object, model = 'sim-text') => {
  const response = await fetch(`${vendors.urls.gemini}/v1beta/models/${model}:generateContent`, {
    method: 'POST',
    headers: { 'x-goog-api-key': 'k' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'a' }] }], ...body }),
  });
  return { status: response.status, body: (await response.json()) as { error: { message: string; status: string } } };
};

describe('the Gemini simulation', () => {
  it('answers the official SDK, streamed and whole', async () => {
    const whole = await client.models.generateContent({ model: 'sim-text', contents });
    const { parts, last } = await collect(await client.models.generateContentStream({ model: 'sim-text', contents }));
    expect(whole.text).toContain('Größe: 🌊');
    expect(parts.map(({ text }) => text).join('')).toBe(whole.text);
    expect(last?.candidates?.[0]?.finishReason).toBe('STOP');
    const truth = vendors.ledger.last()?.usage;
    expect(last?.usageMetadata).toMatchObject({
      promptTokenCount: truth?.inputUncached,
      candidatesTokenCount: truth?.output,
    });
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('plays a tool loop: the first call of a group is signed, and the finish is STOP', async () => {
    const config = { tools };
    const first = await collect(
      await client.models.generateContentStream({ model: 'sim-parallel-tools', contents, config }),
    );
    const calls = first.parts.filter(({ functionCall }) => functionCall);
    expect(calls.map(({ functionCall }) => functionCall?.args)).toEqual([{ city: 'Paris' }, { city: 'London' }]);
    expect(calls.map(({ thoughtSignature }) => thoughtSignature !== undefined)).toEqual([true, false]);
    expect(first.last?.candidates?.[0]?.finishReason).toBe('STOP');
    const history: Content[] = [
      { role: 'user', parts: [{ text: contents }] },
      { role: 'model', parts: calls },
      {
        role: 'user',
        parts: calls.map(() => ({ functionResponse: { name: 'get_weather', response: { output: 'rain' } } })),
      },
    ];
    const second = await client.models.generateContent({ model: 'sim-parallel-tools', contents: history, config });
    expect(second.text).toBe('The tools said: rain | rain.');
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('shows thoughts, counts them apart, and signs the text in an empty part at the end', async () => {
    const config = { thinkingConfig: { includeThoughts: true } };
    const { parts, last } = await collect(
      await client.models.generateContentStream({ model: 'sim-reasoning', contents, config }),
    );
    expect(parts[0]).toMatchObject({ thought: true });
    expect(parts.at(-1)).toEqual({ text: '', thoughtSignature: expect.any(String) });
    const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, totalTokenCount } = last?.usageMetadata ?? {};
    expect(thoughtsTokenCount).toBe(vendors.ledger.last()?.usage?.reasoning);
    expect(totalTokenCount).toBe(Number(promptTokenCount) + Number(candidatesTokenCount) + Number(thoughtsTokenCount));
  });

  it('thinks unseen unless thoughts are asked for, and calls without arguments where there are none', async () => {
    const config = { tools: [{ functionDeclarations: [{ name: 'now' }] }] };
    const answer = await client.models.generateContent({ model: 'sim-reasoning-tools', contents, config });
    const parts = answer.candidates?.[0]?.content?.parts;
    expect(parts).toMatchObject([{ functionCall: { name: 'now', args: {} }, thoughtSignature: expect.any(String) }]);
    expect(answer.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(0);
  });

  it('begins without candidates, when it is odd', async () => {
    const { chunks } = await collect(await client.models.generateContentStream({ model: 'sim-odd', contents }));
    expect(chunks[0]?.candidates).toBeUndefined();
    expect(chunks[0]?.usageMetadata).toEqual({ trafficType: 'ON_DEMAND' });
  });

  it('blocks prompts without a candidate', async () => {
    const answer = await client.models.generateContent({ model: 'sim-refusal', contents });
    expect(answer).toMatchObject({ promptFeedback: { blockReason: 'SAFETY' } });
    expect(answer.candidates).toBeUndefined();
  });

  it('fits schemas and calls what is forced', async () => {
    const responseSchema = { type: Type.OBJECT, properties: { count: { type: Type.INTEGER } } };
    const config = { responseMimeType: 'application/json', responseSchema };
    const structured = await client.models.generateContent({ model: 'sim-structured', contents, config });
    expect(structured.text).toBe('{"count":1}');
    const functionCallingConfig = { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['get_weather'] };
    const forced = await client.models.generateContent({
      model: 'sim-text',
      contents,
      config: { tools, toolConfig: { functionCallingConfig } },
    });
    expect(forced.functionCalls).toMatchObject([{ name: 'get_weather' }]);
  });

  it('describes media, embeds and counts', async () => {
    const image = { inlineData: { mimeType: 'image/png', data: onePixelPng } };
    const described = await client.models.generateContent({ model: 'sim-image', contents: [image] });
    expect(described.text).toMatch(/^image image\/png 70 bytes/);
    const { embeddings } = await client.models.embedContent({ model: 'sim-embed', contents: ['a', 'b'] });
    expect(embeddings?.map(({ values }) => values?.length)).toEqual([16, 16]);
    expect((await client.models.countTokens({ model: 'sim-text', contents })).totalTokens).toBeGreaterThan(0);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('fails as the vendor does, with the time to wait in the body', async () => {
    const error = await client.models
      .generateContent({ model: 'sim-error-rate-limit', contents })
      .catch((caught: Error) => caught);
    expect(error).toMatchObject({ status: 429, message: expect.stringContaining('"retryDelay":"6.4s"') });
    expect((await post({}, 'no-such-model')).status).toBe(404);
  });
});

describe('what the Gemini simulation refuses', () => {
  const user = { role: 'user', parts: [{ text: 'a' }] };
  const signed = { functionCall: { name: 'f', args: {} }, thoughtSignature: mintSignature('gemini', '') };
  const response = { functionResponse: { name: 'f', response: { output: 1 } } };
  const declare = (parameters: object) => ({ tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] });
  const of = (type: string, rest: object) => declare({ type: 'OBJECT', properties: { a: { type, ...rest } } });
  const cases: [string, object, RegExp, string?][] = [
    ['an unknown name', { foo: 1 }, /^Invalid JSON payload received\. Unknown name "foo": Cannot find field\.$/],
    ['an unknown name inside', { generationConfig: { n: 1 } }, /Unknown name "n" at 'generation_config'/],
    [
      'an unknown keyword',
      of('STRING', { additionalProperties: false }),
      /Unknown name "additionalProperties" at 'tools\[0\]\.function_declarations\[0\]\.parameters/,
    ],
    ['a const', of('STRING', { const: 'x' }), /Unknown name "const"/],
    ['an exclusive minimum', of('NUMBER', { exclusiveMinimum: 0 }), /Unknown name "exclusiveMinimum"/],
    [
      'an object without properties',
      declare({ type: 'OBJECT', properties: {} }),
      /should be non-empty for OBJECT type/,
    ],
    ['an enum of numbers', of('INTEGER', { enum: ['1'] }), /only allowed for STRING type/],
    ['an array without items', of('ARRAY', {}), /missing field/],
    [
      'a name that begins with a digit',
      { tools: [{ functionDeclarations: [{ name: '1f' }] }] },
      /Invalid function name/,
    ],
    ['a system role', { contents: [{ role: 'system', parts: [{ text: 'a' }] }] }, /role/],
    ['a beginning by the model', { contents: [{ role: 'model', parts: [{ text: 'a' }] }] }, /begin with a user turn/],
    ['an empty turn', { contents: [{ role: 'user', parts: [] }] }, /must not be empty/],
    [
      'two things in one part',
      {
        contents: [{ role: 'user', parts: [{ text: 'a', inlineData: { mimeType: 'image/png', data: onePixelPng } }] }],
      },
      /oneof field 'data'/,
    ],
    [
      'a GIF',
      { contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/gif', data: onePixelPng } }] }] },
      /Unsupported MIME type: image\/gif/,
    ],
    [
      'a web address',
      { contents: [{ role: 'user', parts: [{ fileData: { fileUri: 'https://example.com/a.png' } }] }] },
      /file uri/,
    ],
    [
      'a call without signature',
      {
        contents: [
          user,
          { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
          { role: 'user', parts: [response] },
        ],
      },
      /missing a thought_signature/,
    ],
    [
      'a forged signature',
      {
        contents: [
          user,
          { role: 'model', parts: [{ ...signed, thoughtSignature: 'AAAA' }] },
          { role: 'user', parts: [response] },
        ],
      },
      /Corrupted thought signature/,
    ],
    [
      'too few responses',
      {
        contents: [
          user,
          { role: 'model', parts: [signed, { functionCall: { name: 'f' } }] },
          { role: 'user', parts: [response] },
        ],
      },
      /number of function response parts is equal/,
    ],
    [
      'siblings of a response',
      { contents: [user, { role: 'model', parts: [signed] }, { role: 'user', parts: [response, { text: 'b' }] }] },
      /must not be mixed/,
    ],
    [
      'a call that is passed over',
      { contents: [user, { role: 'model', parts: [signed] }, user] },
      /immediately before a function response turn/,
    ],
    [
      'level and budget',
      { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW', thinkingBudget: 100 } } },
      /only one of thinking budget and thinking level/,
    ],
    [
      'a level for 2.5',
      { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } },
      /not supported/,
      'gemini-2.5-flash-sim-text',
    ],
    [
      'a budget for 3.5',
      { generationConfig: { thinkingConfig: { thinkingBudget: 100 } } },
      /not supported/,
      'gemini-3.5-pro-sim-text',
    ],
    ['a schema without its type', { generationConfig: { responseJsonSchema: {} } }, /application\/json/],
    [
      'names without ANY',
      { ...of('STRING', {}), toolConfig: { functionCallingConfig: { allowedFunctionNames: ['f'] } } },
      /only when function calling mode is ANY/,
    ],
    ['six stops', { generationConfig: { stopSequences: ['1', '2', '3', '4', '5', '6'] } }, /stop_sequences/],
  ];

  it.each(cases)('%s', async (...[, body, message, model]) => {
    const answer = await post(body, model);
    expect({ status: answer.status, message: answer.body.error.message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
    expect(vendors.ledger.violations).not.toEqual([]);
  });

  it('no signatures before Gemini 3, and takes the documented stand-in since', async () => {
    const loop = (part: object) => ({
      contents: [user, { role: 'model', parts: [part] }, { role: 'user', parts: [response] }],
    });
    expect((await post(loop({ functionCall: { name: 'f' } }), 'gemini-2.5-flash-sim-text')).status).toBe(200);
    const sentinel = { functionCall: { name: 'f' }, thoughtSignature: 'skip_thought_signature_validator' };
    expect((await post(loop(sentinel))).status).toBe(200);
    expect(vendors.ledger.violations).toEqual([]);
  });
});
