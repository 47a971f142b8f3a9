import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, renderHook } from '@testing-library/react';
import { useForm } from 'react-hook-form';
import { ApiError } from './api-error.ts';
import { firstMessage, reportRefusal } from './form-errors.ts';

afterEach(cleanup);

const refusal = (...errors: { field: string; message: string }[]) =>
  new ApiError(400, 'The request is invalid.', { code: 'invalid', errors, requestId: 'r1' });

describe('a refusal of the admin API', () => {
  it('goes to the fields it names, however it writes their index, and the rest to the top of the form', () => {
    const values = { spec: { displayName: '', models: [{ id: 'a' }, { id: 'a' }], upstream: { url: '' } } };
    const { result } = renderHook(() => {
      const form = useForm({ defaultValues: values });
      return { form, errors: form.formState.errors };
    });
    const error = refusal(
      { field: 'spec.models[1].id', message: 'stands there twice' },
      { field: 'spec.unknown', message: 'is not a known field' },
      { field: 'spec.upstream', message: 'is odd' },
    );
    let lines: string[] = [];
    act(() => {
      lines = reportRefusal(result.current.form, error);
    });
    expect(result.current.errors.spec?.models?.[1]?.id?.message).toBe('stands there twice');
    expect(lines).toEqual(['The request is invalid.', 'spec.unknown: is not a known field', 'spec.upstream: is odd']);
  });

  it('of a name that is taken goes to the field of the name, with the whole sentence at the top', () => {
    const { result } = renderHook(() => {
      const form = useForm({ defaultValues: { metadata: { name: 'small' }, spec: { displayName: '' } } });
      return { form, errors: form.formState.errors };
    });
    const message = "A Quota named 'small' exists already.";
    const errors = [{ field: 'metadata.name', message: 'is taken already' }];
    let lines: string[] = [];
    act(() => {
      lines = reportRefusal(
        result.current.form,
        new ApiError(409, message, { code: 'conflict', errors, requestId: 'r1' }),
      );
    });
    expect(result.current.errors.metadata?.name?.message).toBe('is taken already');
    expect(lines).toEqual([message]);
  });

  it('is the message alone when it names no field', () => {
    const { result } = renderHook(() => useForm({ defaultValues: { name: '' } }));
    expect(reportRefusal(result.current, new Error('It failed.'))).toEqual(['It failed.']);
  });
});

describe('the message of a field that holds a list', () => {
  it('is found at whichever entry has one', () => {
    expect(firstMessage([undefined, { message: 'must be an IP address or a CIDR range' }])).toBe(
      'must be an IP address or a CIDR range',
    );
    expect(firstMessage(undefined)).toBeUndefined();
  });
});
