import { describe, expect, it } from '@jest/globals';
import { ResourceName } from '@penstock/contracts';
import fc from 'fast-check';
import { followingName, nameFrom } from './name-from.ts';

describe('a name made from a display name', () => {
  it('keeps letters and digits and joins the rest with hyphens', () => {
    expect(nameFrom('Lab vLLM (Größe 2)')).toBe('lab-vllm-gro-e-2');
  });

  it('is a name that the admin API accepts, or empty', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => nameFrom(text) === '' || ResourceName.safeParse(nameFrom(text)).success,
      ),
    );
  });

  it('follows the display name until it is given a text of its own', () => {
    expect(followingName('', '', 'L')).toBe('l');
    expect(followingName('lab', 'Lab', 'Lab v')).toBe('lab-v');
    expect(followingName('mine', 'Lab', 'Lab v')).toBe('mine');
  });
});
