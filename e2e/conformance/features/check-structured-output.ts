import { expect } from '@jest/globals';
import type { Check } from '../support/feature.ts';
import { SAID, SCHEMA } from '../support/spoken.ts';

/** An answer that fits the caller's schema, as text, by whatever means the vendor has for it. */
export const checkStructuredOutput: Check = async (cell) => {
  for (const stream of [false, true]) {
    const answer = await cell.ask('structured', { stream, say: SAID, schema: SCHEMA });
    expect(answer).toMatchObject({ calls: [], ending: 'stop' });
    expect(JSON.parse(answer.text)).toEqual({
      city: expect.any(String),
      days: [{ rain: expect.any(Number) }],
      kind: 'dry',
      sure: expect.any(Boolean),
    });
  }
};
