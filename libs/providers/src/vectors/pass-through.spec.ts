import { describe, expect, it } from '@jest/globals';
import { type JsonObject, parseFaithfully } from '@penstock/dialects';
import fc from 'fast-check';
import { jsonText, objectText, writeObject } from '../testing/arbitrary-json-text.ts';
import type { VectorClientName } from '../testing/golden-vector.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { VECTOR_CLIENTS } from '../testing/vector-clients.ts';

/** What the gateway reads itself, and so must be of its type; everything else may be anything. */
const READ = new Set([
  'n',
  'model',
  'messages',
  'input',
  'prompt',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
]);

const some = fc.array(jsonText, { minLength: 1, maxLength: 3 }).map((values) => `[${values.join(', ')}]`);
const model = fc.constantFrom('"alias"', String.raw`"\u0061lias"`);
const upstreamModel = fc.constantFrom('alias', 'other/"model" é');
const origin = { dialect: 'openai-chat', modelGroup: 'group' } as const;

/** The model as it is rewritten: not at all where the upstream calls it by the same name. */
const namedAs = (name: string): Readonly<Record<string, string>> =>
  name === 'alias' ? {} : { model: JSON.stringify(name) };

function rewritten(text: string, client: VectorClientName, upstream: string): string {
  const body = Buffer.from(text);
  const surface = VECTOR_CLIENTS[client];
  return surface.rewrite(body, surface.scan(body), { upstreamModel: upstream, origin }).toString('utf8');
}

describe('a request to an upstream of its own dialect', () => {
  it.each([
    ['chat', 'messages'],
    ['messages', 'messages'],
    ['count-tokens', 'messages'],
    ['responses', 'input'],
    ['completions', 'prompt'],
    ['embeddings', 'input'],
  ] as const)('goes as it is but for the name of the model: %s', (client, content) => {
    const document = objectText({ model, [content]: some }, READ);
    fc.assert(
      fc.property(document, upstreamModel, (object, upstream) => {
        expect(rewritten(writeObject(object), client, upstream)).toBe(writeObject(object, namedAs(upstream)));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('asks for the usage of a stream where the caller does not', () => {
    const document = objectText({ model, messages: some, stream: fc.constant('true') }, READ);
    fc.assert(
      fc.property(document, upstreamModel, (object, upstream) => {
        const asked = writeObject(object, namedAs(upstream), ',"stream_options":{"include_usage":true}');
        expect(rewritten(writeObject(object), 'chat', upstream)).toBe(asked);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('keeps what else the caller says of the stream', () => {
    const options = objectText({}, new Set(['include_usage'])).map((object) =>
      writeObject({ ...object, before: '', after: '' }),
    );
    const usage = fc.constantFrom('', '"include_usage":false', '"include_usage":true');
    const stream = fc
      .tuple(options, usage)
      .map(([rest, flag]) =>
        rest === '{}' || flag === '' ? (flag === '' ? rest : `{${flag}}`) : `{${flag},${rest.slice(1)}`,
      );
    fc.assert(
      fc.property(stream, some, (said, messages) => {
        const body = (flags: string): string =>
          `{"model":"alias","stream":true,"stream_options":${flags},"messages":${messages}}`;
        const parsed = parseFaithfully(said) as JsonObject;
        const asked = parsed['include_usage'] === true ? said : JSON.stringify({ ...parsed, include_usage: true });
        expect(rewritten(body(said), 'chat', 'alias')).toBe(body(asked));
      }),
      { numRuns: propertyRuns() },
    );
  });
});
