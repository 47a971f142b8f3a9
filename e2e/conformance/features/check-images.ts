import { expect } from '@jest/globals';
import type { Check } from '../support/feature.ts';
import { describedImage, IMAGE, SAID } from '../support/spoken.ts';

/** An image beside a text: the vendor describes its bytes. */
export const checkImages: Check = async (cell) => {
  for (const stream of [false, true]) {
    const answer = await cell.ask('image', { stream, say: SAID, image: IMAGE });
    expect(answer).toMatchObject({ text: describedImage(), ending: 'stop' });
  }
};
