import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { OrganizationPage } = await import('./organization-page.tsx');

const status = { id: '1', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' };
const ORGANIZATION = {
  apiVersion: 'penstock.dev/v1',
  kind: 'Organization',
  metadata: { name: 'default', labels: {}, annotations: {} },
  spec: { timeZone: 'UTC', quotas: ['budget'] },
  status,
};

function open() {
  const requests = installFakeApi(({ path }) => {
    if (path === '/api/v1/organization') return { status: 200, body: ORGANIZATION, etag: '"1.4"' };
    return path === '/api/v1/organization/limits' ? { status: 200, body: { items: [] } } : undefined;
  });
  renderPage(<OrganizationPage />, '/settings/organization');
  return requests;
}

afterEach(cleanup);

describe('the page of the organization', () => {
  it('saves another time zone under the version that it read, and keeps the rest', async () => {
    const requests = open();
    const user = userEvent.setup();
    const zone = await screen.findByRole('combobox', { name: 'Time zone' });
    await user.click(zone);
    await user.clear(zone);
    await user.paste('Kathmandu');
    await user.click(await screen.findByRole('option', { name: 'Asia/Kathmandu', hidden: true }));
    await user.click(screen.getByRole('button', { name: 'Save changes' }));
    await screen.findByText('The organization was saved.');
    const put = requests.find(({ method }) => method === 'PUT');
    expect(put?.headers.get('if-match')).toBe('"1.4"');
    expect(put?.body).toMatchObject({
      metadata: ORGANIZATION.metadata,
      spec: { timeZone: 'Asia/Kathmandu', quotas: ['budget'] },
    });
  });

  it('says what a limit of the organization would do where there is none', async () => {
    open();
    expect(await screen.findByText(/cap what all keys spend together/)).toBeTruthy();
  });
});
