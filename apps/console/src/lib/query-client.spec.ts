import { describe, expect, it } from '@jest/globals';
import { ApiError } from './api-error.ts';
import { createQueryClient, SESSION_KEY } from './query-client.ts';

const refusal = (status: number) => new ApiError(status, 'Refused.', { code: 'x', errors: [], requestId: null });

describe('a query client', () => {
  it('forgets the session as soon as any request is answered 401', async () => {
    const client = createQueryClient();
    client.setQueryData(SESSION_KEY, { user: 'somebody' });
    await expect(
      client.fetchQuery({ queryKey: ['teams'], queryFn: () => Promise.reject(refusal(401)) }),
    ).rejects.toThrow();
    expect(client.getQueryData(SESSION_KEY)).toBeNull();
  });

  it('keeps the session on other refusals', async () => {
    const client = createQueryClient();
    client.setQueryData(SESSION_KEY, { user: 'somebody' });
    await expect(
      client.fetchQuery({ queryKey: ['teams'], queryFn: () => Promise.reject(refusal(403)) }),
    ).rejects.toThrow();
    expect(client.getQueryData(SESSION_KEY)).toEqual({ user: 'somebody' });
  });

  it('keeps nothing of a write once its form is gone', () => {
    expect(createQueryClient().getDefaultOptions().mutations?.gcTime).toBe(0);
  });
});
