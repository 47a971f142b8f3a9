import { afterEach, describe, expect, it } from '@jest/globals';
import type { Alert, AlertTest } from '@penstock/contracts';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { AlertsPage } = await import('./alerts-page.tsx');
const { AlertChannelsPage } = await import('./alert-channels-page.tsx');
const { navigationFor } = await import('../../../app/navigation.ts');

const SECRET = `whsec_${'s'.repeat(32)}`;
const CHANNEL = {
  apiVersion: 'penstock.dev/v1',
  kind: 'AlertChannel',
  metadata: { name: 'ops', labels: {}, annotations: {} },
  spec: { type: 'webhook', enabled: true },
  status: {
    id: '1',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    target: 'https://hooks.example.com',
    lastDelivery: null,
  },
};
const ALERT: Alert = {
  id: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  kind: 'limit-threshold',
  firedAt: '2026-01-01T00:00:00.000Z',
  title: '80% of $5.00 a month is used',
  subject: 'VirtualKey app-1',
  limit: null,
  deliveries: [
    {
      channel: 'ops',
      state: 'delivered',
      attempts: 1,
      lastError: null,
      deliveredAt: '2026-01-01T00:00:01.000Z',
      nextAttemptAt: null,
    },
    {
      channel: 'chat',
      state: 'failed',
      attempts: 8,
      lastError: 'The receiver answered 404.',
      deliveredAt: null,
      nextAttemptAt: null,
    },
    {
      channel: 'pager',
      state: 'pending',
      attempts: 2,
      lastError: 'timed out',
      deliveredAt: null,
      nextAttemptAt: '2026-01-01T00:01:00.000Z',
    },
  ],
};

const page = (...items: object[]) => ({ status: 200, body: { items, total: items.length, nextCursor: null } });

function openChannels(path: string, items: object[], test?: AlertTest) {
  const requests = installFakeApi(({ method, path: asked }: RecordedRequest) => {
    if (method === 'POST' && asked.endsWith('/test')) return { status: 200, body: test };
    if (method === 'POST')
      return { status: 201, body: { ...CHANNEL, status: { ...CHANNEL.status, signingSecret: SECRET } } };
    if (method === 'PATCH') return { status: 200, body: CHANNEL };
    return asked === '/api/v1/alert-channels' ? page(...items) : undefined;
  });
  return { requests, queryClient: renderPage(<AlertChannelsPage />, path) };
}

afterEach(cleanup);

describe('the fired alerts', () => {
  it('are reachable from the navigation, for viewers too', () => {
    const items = navigationFor({ canWrite: false }).flatMap((group) => group.items);
    expect(items).toContainEqual(expect.objectContaining({ label: 'Alerts', to: '/alerts' }));
  });

  it('say what became of each delivery', async () => {
    installFakeApi(({ path }) => (path === '/api/v1/alerts' ? page(ALERT) : undefined));
    renderPage(<AlertsPage />, '/alerts');
    for (const label of ['ops: delivered', 'chat: failed', 'pager: retrying']) {
      expect(await screen.findByText(label)).toBeTruthy();
    }
    await userEvent.click(screen.getByRole('button', { name: /^Details of 80%/ }));
    const drawer = await screen.findByRole('dialog', { name: ALERT.title });
    expect(within(drawer).getByText('The receiver answered 404.')).toBeTruthy();
    expect(within(drawer).getByText('timed out')).toBeTruthy();
  });

  it('are narrowed to a kind by the server', async () => {
    const requests = installFakeApi(() => undefined);
    renderPage(<AlertsPage />, '/alerts?kind=unknown-price');
    expect(await screen.findByText('No alert of this kind has fired.')).toBeTruthy();
    expect(requests.find(({ path }) => path === '/api/v1/alerts')?.search.get('kind')).toBe('unknown-price');
  });

  it('lead to thresholds and channels while there are none', async () => {
    installFakeApi(() => undefined);
    renderPage(<AlertsPage />, '/alerts');
    expect((await screen.findByRole('link', { name: 'Set thresholds' })).getAttribute('href')).toBe('/quotas');
    expect(screen.getByRole('link', { name: 'Set up channels' }).getAttribute('href')).toBe('/alerts/channels');
  });
});

describe('the alert channels', () => {
  it('show a signing secret once, in no cache, until it is said to be stored', async () => {
    const { requests, queryClient } = openChannels('/alerts/channels?create=1', []);
    const user = userEvent.setup();
    await user.type(await screen.findByRole('textbox', { name: 'Display name' }), 'Ops');
    await user.type(screen.getByRole('textbox', { name: 'URL' }), 'https://hooks.example.com/in');
    await user.click(screen.getByRole('button', { name: 'Create channel' }));
    expect((await screen.findByRole('region', { name: 'Signing secret' })).textContent).toBe(SECRET);
    const cached = [queryClient.getQueryCache().getAll(), queryClient.getMutationCache().getAll()].flat();
    expect(JSON.stringify(cached.map(({ state }) => state))).not.toContain(SECRET);
    expect(requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
      metadata: { name: 'ops' },
      spec: { type: 'webhook', displayName: 'Ops', url: 'https://hooks.example.com/in', enabled: true },
    });
    const done = screen.getByRole('button', { name: 'Done' });
    expect(done).toHaveProperty('disabled', true);
    await user.click(screen.getByRole('checkbox', { name: 'I have stored it' }));
    await user.click(done);
    await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
  });

  it('ask for addresses instead of a URL where mail is sent', async () => {
    openChannels('/alerts/channels?create=1', []);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('combobox', { name: 'Type' }));
    await user.click(await screen.findByRole('option', { name: 'Email', hidden: true }));
    expect(screen.queryByRole('textbox', { name: 'URL' })).toBeNull();
    await user.type(screen.getByRole('textbox', { name: 'Name' }), 'mail');
    await user.type(screen.getByRole('combobox', { name: 'Addresses' }), 'nobody{Enter}');
    await user.click(screen.getByRole('button', { name: 'Create channel' }));
    expect(await screen.findByText(/Invalid email/i)).toBeTruthy();
  });

  it('are turned off without touching the rest', async () => {
    const { requests } = openChannels('/alerts/channels', [CHANNEL]);
    await userEvent.click(await screen.findByRole('switch', { name: 'Enabled: ops' }));
    await waitFor(() =>
      expect(requests.find(({ method }) => method === 'PATCH')?.body).toEqual({ spec: { enabled: false } }),
    );
  });

  it.each<[AlertTest, RegExp]>([
    [{ ok: true, reason: null, durationMs: 87 }, /took the test alert after 87 ms/],
    [{ ok: false, reason: 'The receiver answered 404.', durationMs: 5 }, /The receiver answered 404\./],
  ])('say what came of a test: %j', async (test, text) => {
    openChannels('/alerts/channels', [CHANNEL], test);
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Actions for ops' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Send test' }));
    const dialog = await screen.findByRole('dialog', { name: 'Test of ops' });
    expect(await within(dialog).findByText(text)).toBeTruthy();
  });
});
