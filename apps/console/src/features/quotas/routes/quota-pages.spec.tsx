import { afterEach, describe, expect, it } from '@jest/globals';
import type { LimitStatus } from '@penstock/contracts';
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type FakeAnswer, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { Route, Routes } = await import('react-router');
const { NewQuotaPage } = await import('./new-quota-page.tsx');
const { QuotaPage } = await import('./quota-page.tsx');

const status = { id: '1', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' };
const metadata = { name: 'budget', labels: {}, annotations: {} };
const limit = { unit: 'cost', window: 'month', max: 5_000_000, mode: 'enforce' };
const QUOTA = { apiVersion: 'penstock.dev/v1', kind: 'Quota', metadata, spec: { limits: [limit] }, status };
const PROXY = {
  kind: 'LlmProxy',
  metadata: { name: 'chat', labels: {}, annotations: {} },
  spec: { models: [{ name: 'small' }, { name: 'large' }] },
  status,
};

const reading = (subject: string, change: Partial<LimitStatus> = {}): LimitStatus => ({
  subject,
  quota: 'budget',
  unit: 'cost',
  window: 'month',
  max: 5_000_000,
  used: 1_000_000,
  remaining: 4_000_000,
  resetsAt: null,
  mode: 'enforce',
  alignment: 'calendar',
  ...change,
});

function open(path: string, readings: LimitStatus[] = [], created: FakeAnswer = { status: 201, body: QUOTA }) {
  const requests = installFakeApi(({ method, path: asked }: RecordedRequest) => {
    if (method === 'POST') return created;
    if (asked === '/api/v1/llm-proxies') return { status: 200, body: { items: [PROXY], total: 1, nextCursor: null } };
    if (asked === '/api/v1/quotas/budget/status') return { status: 200, body: { items: readings } };
    if (asked === '/api/v1/quotas/budget') return { status: 200, body: QUOTA, etag: '"1.1"' };
    return undefined;
  });
  renderPage(
    <Routes>
      <Route path="/quotas/new" element={<NewQuotaPage />} />
      <Route path="/quotas/:name" element={<QuotaPage />} />
      <Route path="*" element={null} />
    </Routes>,
    path,
  );
  return requests;
}

async function choose(user: ReturnType<typeof userEvent.setup>, label: string, option: string): Promise<void> {
  // What is unfolded is reachable only once it has unfolded.
  await user.click(await screen.findByRole('combobox', { name: label }, { timeout: 4_000 }));
  await user.click(await screen.findByRole('option', { name: option, hidden: true }));
}

afterEach(cleanup);

describe('the form of a quota', () => {
  it('shows only what fits the unit and the window', async () => {
    open('/quotas/new');
    const user = userEvent.setup();
    expect(screen.queryByRole('combobox', { name: 'Alignment' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(await screen.findByRole('textbox', { name: 'Burst' })).toBeTruthy();
    expect(screen.queryByRole('combobox', { name: 'Models without a price' })).toBeNull();

    await choose(user, 'Unit', 'Cost (USD)');
    expect(screen.getByRole('combobox', { name: 'Alignment' })).toBeTruthy();
    expect(screen.queryByRole('textbox', { name: 'Burst' })).toBeNull();
    expect(screen.getByRole('combobox', { name: 'Models without a price' })).toBeTruthy();
  });

  it('sends thresholds and a model of a proxy to go on with, and says in a sentence what they do', async () => {
    const requests = open('/quotas/new');
    const user = userEvent.setup();
    await user.type(screen.getByRole('textbox', { name: 'Name' }), 'budget');
    await choose(user, 'Unit', 'Cost (USD)');
    await user.type(screen.getByRole('textbox', { name: 'Amount' }), '12.5');
    await choose(user, 'Alignment', 'Rolling');
    await user.type(screen.getByRole('combobox', { name: 'Alert at' }), '75{Enter}100{Enter}');
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await choose(user, 'When a request does not fit', 'Send it to another model');
    await choose(user, 'Model to send to', 'small');
    expect(
      screen.getByText(/Admits \$12.50 in any 30 days, and sends what does not fit to small;.*75%, 100%\./),
    ).toBeTruthy();

    await user.click(screen.getByRole('button', { name: 'Create quota' }));
    await screen.findByText('Quota budget was created.');
    expect(requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
      metadata: { name: 'budget' },
      spec: {
        limits: [
          {
            unit: 'cost',
            window: 'month',
            alignment: 'rolling',
            max: 12_500_000,
            alertThresholds: [75, 100],
            onExceeded: { route: 'small' },
          },
        ],
      },
    });
  });

  it('opens what is folded away when something is wrong in it', async () => {
    const errors = [{ field: 'spec.limits[0].burst', message: 'is too large' }];
    const body = { status: 'error', code: 'invalid', message: 'The request is invalid.', errors, requestId: 'r1' };
    open('/quotas/new', [], { status: 400, body });
    const user = userEvent.setup();
    await user.type(screen.getByRole('textbox', { name: 'Name' }), 'budget');
    await user.type(screen.getByRole('textbox', { name: 'Amount' }), '60');
    const advanced = screen.getByRole('button', { name: 'Advanced' });
    expect(advanced.getAttribute('aria-expanded')).toBe('false');
    await user.click(screen.getByRole('button', { name: 'Create quota' }));
    await screen.findByText('is too large');
    expect(advanced.getAttribute('aria-expanded')).toBe('true');
  });
});

describe('the page of a quota', () => {
  it('says where it is attached and what each attachment has used, held and left', async () => {
    open('/quotas/budget', [
      reading('Organization default', { used: 1_500_000, remaining: 3_400_000 }),
      reading('Team crew, VirtualKey app-1', { mode: 'shadow' }),
    ]);
    const whole = await screen.findByRole('region', { name: 'Organization default' });
    expect(within(whole).getByText('$1.50 used, $0.10 set aside, $3.40 left')).toBeTruthy();
    expect(within(whole).getByRole('link').getAttribute('href')).toBe('/settings/organization');
    const key = screen.getByRole('region', { name: 'Team crew, VirtualKey app-1' });
    expect(within(key).getByText('only counted')).toBeTruthy();
    expect(
      within(key)
        .getByRole('progressbar', { name: /^Used of budget/ })
        .getAttribute('aria-valuenow'),
    ).toBe('20');
    expect(within(key).getByRole('link').getAttribute('href')).toBe('/virtual-keys/app-1');
  });

  it('leads on when it is attached to nothing', async () => {
    open('/quotas/budget');
    expect(await screen.findByText(/limits nothing yet/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'the organization' }).getAttribute('href')).toBe('/settings/organization');
  });
});
