import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { ConfigRevisionsPage } = await import('./config-revisions-page.tsx');

const revision = (number: number) => ({
  revision: number,
  checksum: 'c'.repeat(64),
  createdAt: '2026-01-01T00:00:00.000Z',
  actor: 'owner@example.com',
  cause: 'create Team a',
  published: true,
  bytes: 100,
});

/** Rolls back to revision 1 with a control plane that answers with these providers. */
async function rollBack(withoutCredential: string[]) {
  const requests = installFakeApi(({ method, search }) => {
    const made = { ...revision(3), cause: 'rollback to 1', changes: [], withoutCredential };
    if (method === 'POST') return { status: 200, body: made };
    const items = search.get('limit') === '1' ? [revision(2)] : [revision(2), revision(1)];
    return { status: 200, body: { items, total: 2, nextCursor: null } };
  });
  renderPage(<ConfigRevisionsPage />, '/config-revisions');
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Roll back to revision 1' }));
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Roll back' }));
  await screen.findByText('Revision 3 has the state of revision 1.');
  return requests;
}

afterEach(cleanup);

describe('a rollback in the console', () => {
  it('says which credentials have to be entered again, and leads there', async () => {
    const requests = await rollBack(['moved', 'gone']);
    expect(requests.find(({ method }) => method === 'POST')?.body).toEqual({ revision: 1 });
    const alert = screen.getByRole('alert');
    expect(within(alert).getByText(/have to be entered again/)).toBeTruthy();
    const links = within(alert).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['/providers/moved', '/providers/gone']);
  });

  it('says nothing about credentials when all are there', async () => {
    await rollBack([]);
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
