import { describe, expect, it } from '@jest/globals';
import { RefusedError, UnreachableError } from '../admin/refused-error.ts';
import type { CustomObject } from '../kubernetes/custom-object.ts';
import { statusFor } from './conditions.ts';
import { failureOutcome } from './failure-outcome.ts';
import { failed, synced } from './outcome.ts';
import { SecretScrubber } from './secret-scrubber.ts';

function refusal(status: number, code: string, faults: readonly { field: string; message: string }[]): RefusedError {
  return new RefusedError(status, { status: 'error', code, message: 'Refused.', errors: [...faults], requestId: 'r' });
}

const object: CustomObject = {
  apiVersion: 'penstock.dev/v1',
  kind: 'Quota',
  metadata: { name: 'q', namespace: 'n', uid: 'u', resourceVersion: '1', generation: 3 },
  spec: {},
};

describe('failureOutcome', () => {
  it.each([
    { status: 400, code: 'invalid', field: 'spec.x', message: 'is wrong', reason: 'Invalid', told: 'spec.x: is wrong' },
    {
      status: 400,
      code: 'invalid',
      field: 'spec.provider.id',
      message: "there is no LlmProvider named 'p'",
      reason: 'DependencyMissing',
    },
    {
      status: 401,
      code: 'unauthenticated',
      field: '',
      message: 'who?',
      reason: 'Unauthorized',
      told: "the operator's token: who?",
    },
    {
      status: 403,
      code: 'forbidden',
      field: '',
      message: 'no',
      reason: 'Unauthorized',
      told: "the operator's token: no",
    },
    {
      status: 409,
      code: 'still_referenced',
      field: 'metadata.name',
      message: 'used by LlmProxy shop',
      reason: 'InUse',
      told: 'it is still used by LlmProxy shop',
    },
    { status: 409, code: 'conflict', field: 'f', message: 'is taken', reason: 'Conflict', told: 'f: is taken' },
    { status: 412, code: 'precondition_failed', field: '', message: 'changed', reason: 'Conflict', told: 'changed' },
    {
      status: 422,
      code: 'url_not_allowed',
      field: 'spec.upstream.url',
      message: 'is private',
      reason: 'Invalid',
      told: 'spec.upstream.url: is private',
    },
    { status: 503, code: 'unavailable', field: '', message: 'later', reason: 'ControlPlaneUnavailable', told: 'later' },
  ])('tells $status $code $field $message as $reason', ({ status, code, field, message, reason, told }) => {
    const outcome = failureOutcome(refusal(status, code, [{ field, message }]));
    expect(outcome).toMatchObject({ synced: false, ready: false, reason, retry: true });
    expect(outcome.message).toBe(told ?? `${field}: ${message}`);
  });

  it('names what is missing only when nothing else is wrong', () => {
    const missing = { field: 'spec.provider.id', message: "there is no LlmProvider named 'p'" };
    expect(failureOutcome(refusal(400, 'invalid', [missing])).waitsFor).toEqual([{ kind: 'LlmProvider', name: 'p' }]);
    const more = refusal(400, 'invalid', [missing, { field: 'spec.context', message: 'is reserved' }]);
    expect(failureOutcome(more)).toMatchObject({ reason: 'Invalid' });
  });

  it('throws on what is no refusal', () => {
    expect(failureOutcome(new UnreachableError('away')).reason).toBe('ControlPlaneUnavailable');
    expect(() => failureOutcome(new TypeError('a bug'))).toThrow('a bug');
  });
});

describe('statusFor', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second, 500));

  it('tells conditions of the generation, and when they changed', () => {
    const first = statusFor(object, failed('Invalid', 'wrong'), at(1));
    expect(first).toEqual({
      observedGeneration: 3,
      conditions: ['Synced', 'Ready'].map((type) => ({
        type,
        status: 'False',
        reason: 'Invalid',
        message: 'wrong',
        observedGeneration: 3,
        lastTransitionTime: '2026-01-01T00:00:01Z',
      })),
    });
    const again = statusFor({ ...object, status: first! }, failed('Conflict', 'taken'), at(2));
    expect(again?.conditions?.[0]).toMatchObject({ reason: 'Conflict', lastTransitionTime: '2026-01-01T00:00:01Z' });
    const good = statusFor({ ...object, status: again! }, synced('stored', { secretName: 's' }), at(3));
    expect(good).toMatchObject({ secretName: 's', conditions: [{ lastTransitionTime: '2026-01-01T00:00:03Z' }, {}] });
  });

  it('writes nothing when nothing differs', () => {
    const status = statusFor(object, synced('stored'), at(1))!;
    expect(statusFor({ ...object, status }, synced('stored'), at(9))).toBeUndefined();
  });

  it('keeps Synced apart from Ready, and messages short', () => {
    const outcome = synced('x'.repeat(10_000), { ready: false, reason: 'Undeployed' });
    const [stored, ready] = statusFor(object, outcome, at(1))!.conditions!;
    expect([stored?.status, stored?.reason]).toEqual(['True', 'Synced']);
    expect([ready?.status, ready?.reason, ready!.message.length < 5_000]).toEqual(['False', 'Undeployed', true]);
  });
});

describe('SecretScrubber', () => {
  it('takes secrets out of text and of JSON, and leaves short words', () => {
    const scrubber = new SecretScrubber();
    for (const value of ['sk-"quoted"', 'abc']) scrubber.add(value);
    expect(scrubber.scrub('a sk-"quoted" abc')).toBe('a [secret] abc');
    expect(scrubber.scrub(JSON.stringify({ a: 'x sk-"quoted"' }))).toBe('{"a":"x [secret]"}');
  });
});
