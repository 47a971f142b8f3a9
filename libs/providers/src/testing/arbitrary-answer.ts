import type { Dialect } from '@penstock/contracts';
import type { CanonicalPart, CanonicalResponse, CanonicalUsage, Finish } from '@penstock/dialects';
import fc from 'fast-check';
import { words } from './arbitrary-conversation.ts';
import { VECTOR_MODEL_GROUP } from './round-trip-profiles.ts';

const count = fc.nat(5000);
const usage: fc.Arbitrary<CanonicalUsage> = fc
  .record({ inputUncached: count, cacheRead: count, cacheWrite5m: count, output: count, reasoning: fc.nat(100) })
  .map((counts) => ({ ...counts, cacheWrite1h: 0, output: counts.output + counts.reasoning }));

const callInput = fc.dictionary(fc.constantFrom('a', 'b c', '"é'), fc.oneof(words, fc.integer(), fc.constant(null)), {
  maxKeys: 3,
  noNullPrototype: true,
});
const calls = fc.uniqueArray(
  fc.record({
    id: fc.string({ unit: fc.constantFrom('a', 'B', '7', '_'), minLength: 3, maxLength: 9 }),
    name: fc.constantFrom('read', 'write_it'),
    input: callInput,
  }),
  { selector: ({ id }) => id, maxLength: 3 },
);
const plainFinish = fc.constantFrom<Finish[]>(
  { reason: 'stop' },
  { reason: 'length' },
  { reason: 'content-filter' },
  { reason: 'stop-sequence', stopSequence: 'END' },
);

/** Answers as models give them: thoughts, then words or a refusal, then calls, and sometimes words again. Thoughts are signed by the upstream, or not at all. */
export function arbitraryAnswer(upstream: Dialect): fc.Arbitrary<CanonicalResponse> {
  const origin = { dialect: upstream, modelGroup: VECTOR_MODEL_GROUP };
  const reasoning = fc.record({ text: words, signature: fc.option(fc.base64String({ minLength: 4, maxLength: 12 })) });
  return fc
    .record({
      reasoning: fc.option(reasoning),
      texts: fc.array(words, { maxLength: 2 }),
      refusal: fc.option(words, { freq: 6 }),
      calls,
      after: fc.option(words, { freq: 4 }),
      finish: plainFinish,
      usage,
    })
    .map(({ reasoning: thought, texts, refusal, calls: made, after, finish, usage: used }) => {
      const asked = refusal === null ? made : [];
      const parts: CanonicalPart[] = [
        ...(thought
          ? [
              {
                type: 'reasoning' as const,
                text: thought.text,
                ...(thought.signature && { signature: { ...origin, value: thought.signature } }),
              },
            ]
          : []),
        ...texts.map((text) => ({ type: 'text' as const, text })),
        ...(refusal === null ? [] : [{ type: 'refusal' as const, text: refusal }]),
        ...asked.map(({ id, name, input }) => ({
          type: 'tool-call' as const,
          kind: 'function' as const,
          id,
          name,
          arguments: JSON.stringify(input),
        })),
        ...(asked.length > 0 && after !== null ? [{ type: 'text' as const, text: after }] : []),
      ];
      return {
        id: 'up',
        model: 'm',
        choices: [{ parts, finish: finishOf(finish, asked.length > 0, refusal !== null) }],
        usage: used,
      };
    });
}

function finishOf(finish: Finish, hasCalls: boolean, hasRefusal: boolean): Finish {
  if (hasRefusal) return { reason: 'refusal' };
  const isPlain = finish.reason === 'stop' || finish.reason === 'stop-sequence';
  return hasCalls && isPlain ? { reason: 'tool-calls' } : finish;
}
