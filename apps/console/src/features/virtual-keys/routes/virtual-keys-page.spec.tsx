import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type FakeAnswer, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { VirtualKeysPage } = await import('./virtual-keys-page.tsx');
const { setCsrfToken } = await import('../../../lib/csrf-token.ts');

const SECRET = 'psk_abc123_the-secret-that-is-shown-once_9f';
const status = {
  id: '1',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  state: 'active',
  prefix: 'psk_abc123',
  lastFour: 'e_9f',
  revokedAt: null,
  previousExpiresAt: null,
  lastUsedAt: null,
};
const TEAM = {
  apiVersion: 'penstock.dev/v1',
  kind: 'Team',
  metadata: { name: 'default', labels: {}, annotations: {} },
  spec: { displayName: 'Default', quotas: [], suspended: false },
  status,
};

function answer(created: FakeAnswer) {
  return ({ method, path }: RecordedRequest): FakeAnswer | undefined => {
    if (method === 'POST' && path === '/api/v1/virtual-keys') return created;
    if (path === '/api/v1/teams') return { status: 200, body: { items: [TEAM], total: 1, nextCursor: null } };
    return undefined;
  };
}

async function create(name: string): Promise<ReturnType<typeof userEvent.setup>> {
  const user = userEvent.setup();
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), name);
  await user.click(screen.getByRole('button', { name: 'Create key' }));
  return user;
}

const issued = ({ body }: RecordedRequest): FakeAnswer => ({
  status: 201,
  body: { ...(body as object), status: { ...status, key: SECRET } },
});

afterEach(cleanup);

describe('the dialog for a new virtual key', () => {
  it('shows the secret once, in no cache, until it is said to be stored', async () => {
    installFakeApi((request) => answer(issued(request))(request));
    const queryClient = renderPage(<VirtualKeysPage />, '/virtual-keys?create=1');
    const user = await create('app-1');

    expect((await screen.findByRole('region', { name: 'Secret' })).textContent).toBe(SECRET);
    const cached = [queryClient.getQueryCache().getAll(), queryClient.getMutationCache().getAll()].flat();
    expect(JSON.stringify(cached.map(({ state }) => state))).not.toContain(SECRET);
    expect(window.location.href).not.toContain(SECRET);

    const done = screen.getByRole('button', { name: 'Done' });
    expect(done).toHaveProperty('disabled', true);
    await user.keyboard('{Escape}');
    expect(screen.getByRole('region', { name: 'Secret' })).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: 'I have stored it' }));
    await user.click(done);
    await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it('sends what was typed, with every proxy and model, and proves that it comes from this page', async () => {
    const requests = installFakeApi((request) => answer(issued(request))(request));
    setCsrfToken('csrf-of-the-session');
    renderPage(<VirtualKeysPage />, '/virtual-keys?create=1');
    await create('app-2');
    await screen.findByRole('region', { name: 'Secret' });

    const post = requests.find(({ method }) => method === 'POST');
    expect(post?.headers.get('x-csrf-token')).toBe('csrf-of-the-session');
    expect(post?.body).toMatchObject({
      metadata: { name: 'app-2' },
      spec: { team: 'default', proxies: ['*'], models: ['*'], expiresAt: null },
    });
    for (const request of requests.filter(({ method }) => method === 'GET')) {
      expect(request.headers.get('x-csrf-token')).toBeNull();
    }
  });

  it('shows a refusal at the field it names', async () => {
    const errors = [{ field: 'metadata.name', message: 'is taken' }];
    const body = {
      status: 'error',
      code: 'conflict',
      message: 'There is a key of this name.',
      errors,
      requestId: 'r1',
    };
    installFakeApi(answer({ status: 409, body }));
    renderPage(<VirtualKeysPage />, '/virtual-keys?create=1');
    await create('app-3');

    expect((await screen.findByRole('alert')).textContent).toContain('There is a key of this name.');
    const name = screen.getByRole('textbox', { name: 'Name' });
    expect(name.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('is taken')).toBeTruthy();
  });

  it('does not send a name that the admin API would refuse', async () => {
    const requests = installFakeApi(answer({ status: 500 }));
    renderPage(<VirtualKeysPage />, '/virtual-keys?create=1');
    await create('Not A Name');
    await screen.findByText(/must consist of lower case letters/);
    expect(requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
