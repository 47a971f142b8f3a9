import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { fieldMessage } from './field-message.ts';

const tooSmall = z.string().min(1).safeParse('').error?.issues[0];

describe('the message at a field', () => {
  it('says that an empty field is required', () => {
    expect(fieldMessage(tooSmall, { required: true, value: '' })).toBe('is required');
  });

  it('is else what was found wrong', () => {
    expect(fieldMessage({ message: 'Provider is required' }, { required: true, value: '' })).toBe(
      'Provider is required',
    );
    expect(fieldMessage(tooSmall, { required: false, value: '' })).toBe(tooSmall?.message);
    expect(fieldMessage({ message: 'Too small' }, { required: true, value: 'x' })).toBe('Too small');
    expect(fieldMessage(undefined, { required: true, value: '' })).toBeUndefined();
  });
});
