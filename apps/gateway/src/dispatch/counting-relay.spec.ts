import { describe, expect, it } from '@jest/globals';
import type { MappedExtraction } from '@penstock/contracts';
import type { AttemptPlan } from './attempt-plan.ts';
import { countingAnswers } from './answer-counts.ts';
import { countedUsage } from './counted-usage.ts';
import type { AnswerEnd, Relay, RelayOwner } from './relay.ts';
import { TokenExtraction } from './token-extraction.ts';

const at = (identifier: string) => ({ location: 'payload', identifier }) as const;
const custom: MappedExtraction = {
  promptTokens: at('$.meta.tokens.in'),
  completionTokens: at('$.meta.tokens.out'),
  resourceMappings: {
    resources: [
      {
        resource: '/responses',
        promptTokens: at('$.usage.input_tokens'),
        completionTokens: { location: 'header', identifier: 'X-Out' },
      },
    ],
  },
};
const usual = { inputTokens: 100, outputTokens: 50, cachedInputTokens: 90, reasoningTokens: 5 };
const end: AnswerEnd = {
  outcome: 'completed',
  status: 200,
  error: null,
  usage: null,
  outputTokensSeen: 1,
  spent: true,
};

interface Played {
  readonly extraction?: MappedExtraction | null;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly end?: AnswerEnd;
}

/** What the books say of an answer that comes in these pieces, when the relay behind says `end`. */
function play(pieces: readonly string[], options: Played = {}): AnswerEnd['usage'] | undefined {
  const { extraction = custom, path = '/v1/chat/completions?x=1', headers = {}, end: told = end } = options;
  let booked: AnswerEnd | undefined;
  const owner = { finish: (ended: AnswerEnd) => (booked = ended) } as unknown as RelayOwner;
  const create: AttemptPlan['createRelay'] = (inner) =>
    ({
      onData: () => undefined,
      onEnd: () => inner.finish(told, () => undefined),
      abandoned: () => told,
    }) as unknown as Relay;
  const provider = { extraction: extraction && new TokenExtraction(extraction, 'openai-chat') };
  const counting = countingAnswers(create, { provider, baseUrl: 'http://host/v1', path });
  const relay = counting(owner, { status: 200, headers });
  for (const piece of pieces) relay.onData(Buffer.from(piece));
  if (told.outcome === 'client-closed') return relay.abandoned().usage;
  relay.onEnd();
  return booked?.usage;
}

describe('A5.7: tokens where a template says that they stand', () => {
  it('A5.7: are read from a whole answer, however it is cut', () => {
    const text = '{"choices":[],"meta":{"tokens":{"in":12,"out":"7"}}}';
    const usage = { inputTokens: 12, outputTokens: 7, cachedInputTokens: 0, reasoningTokens: 0 };
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(play([text.slice(0, cut), text.slice(cut)])).toEqual(usage);
    }
    expect(play([text], { end: { ...end, usage: { ...usual, cachedInputTokens: 90 } } })).toEqual({
      ...usage,
      cachedInputTokens: 12,
      reasoningTokens: 5,
    });
  });

  it('A5.7: are read from the events of a stream, the last ones counting', () => {
    const headers = { 'content-type': 'text/event-stream' };
    const text = [1, 2, 3].map((out) => `data: {"meta":{"tokens":{"in":5,"out":${out}}}}\n\n`).join('');
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(play([text.slice(0, cut), `${text.slice(cut)}data: [DONE]\n\n`], { headers })).toMatchObject({
        inputTokens: 5,
        outputTokens: 3,
      });
    }
  });

  it('A5.7: follow the mapping of the path, header fields too, and leave to the dialect what it has', () => {
    const options = { path: '/v1/responses', headers: { 'x-out': '9' }, end: { ...end, usage: usual } };
    expect(play(['{"usage":{"input_tokens":1}}'], options)).toMatchObject({ inputTokens: 100, outputTokens: 9 });
  });

  it('A5.7: are as the dialect says where the template says nothing or they are not there', () => {
    const text = '{"meta":{"tokens":{"in":12,"out":7}}}';
    const told = { ...end, usage: usual };
    expect(play([text], { extraction: null, end: told })).toEqual(usual);
    for (const other of ['{"meta":{"tokens":{"in":-1,"out":1.5}}}', '{}', 'no json']) {
      expect(play([other], { end: told })).toEqual(usual);
    }
    expect(play([text], { end: told, headers: { 'content-encoding': 'gzip' } })).toEqual(usual);
    const left = { ...told, outcome: 'client-closed' } as const;
    expect(play([text], { end: left })).toEqual(usual);
  });
});

describe('A5.7: counts of a template', () => {
  it.each([
    [{ totalTokens: 30, promptTokens: 10 }, null, [10, 20]],
    [{ totalTokens: 30, completionTokens: 10 }, null, [20, 10]],
    [{ completionTokens: 10 }, usual, [100, 10]],
    [{ promptTokens: 10 }, usual, [10, 50]],
    [{ totalTokens: 120 }, usual, [100, 20]],
    [{ totalTokens: 120 }, null, [undefined, undefined]],
    [{ promptTokens: 10 }, null, [undefined, undefined]],
  ])('A5.7: %j over %j', (counts, before, tokens) => {
    const usage = countedUsage(counts, before);
    expect([usage?.inputTokens, usage?.outputTokens]).toEqual(tokens);
  });
});
