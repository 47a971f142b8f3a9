import { afterEach, describe, expect, it } from '@jest/globals';
import type { Reconciliation, UsageEvent, UsageTotals } from '@penstock/contracts';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { UsagePage } = await import('./usage-page.tsx');
const { RequestsPage } = await import('./requests-page.tsx');
const { BooksPage } = await import('./books-page.tsx');

const percentiles = { p50: 100, p90: 200, p95: 250, p99: 900 };
const TOTALS: UsageTotals = {
  requests: 10,
  errors: 0,
  inputTokens: 100,
  outputTokens: 50,
  cachedInputTokens: 20,
  cacheWriteTokens: 7,
  reasoningTokens: 0,
  costMicroUsd: 1_000_000,
  unknownCostRequests: 3,
  estimatedRequests: 1,
  averageDurationMs: 400,
  averageFirstTokenMs: 100,
  durationMs: percentiles,
  firstTokenMs: percentiles,
};
const EVENT: UsageEvent = {
  id: '0190aaaa-0000-7000-8000-000000000001',
  organizationId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  gatewayInstanceId: 'gateway-1',
  requestId: 'req-1',
  occurredAt: '2026-01-01T00:00:00.000Z',
  virtualKeyId: null,
  virtualKeyName: 'app-1',
  teamId: null,
  teamName: 'crew',
  proxyId: null,
  proxyName: 'chat',
  providerId: null,
  providerName: 'lab',
  requestedModel: 'fast',
  upstreamModel: 'qwen',
  modelId: 'qwen',
  userTag: 'ada',
  sparedLimits: [],
  dialect: 'openai-chat',
  operation: 'chat',
  stream: false,
  outcome: 'completed',
  httpStatus: 200,
  errorCode: null,
  attempts: 1,
  usage: { inputTokens: 1200, outputTokens: 300, cachedInputTokens: 512, reasoningTokens: 0, cacheWriteTokens: 90 },
  usageSource: 'estimated',
  costMicroUsd: null,
  priceVersion: null,
  firstTokenMs: 210,
  durationMs: 1834,
};
const RECONCILIATION: Reconciliation = {
  checkedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 432,
  consistent: true,
  rollups: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z', checked: 96, mismatched: 0 },
  ledgers: { checked: 4, differences: [] },
  presumedRequests: 0,
};
const ORGANIZATION = {
  metadata: { name: 'default', labels: {}, annotations: {} },
  spec: { timeZone: 'Europe/Berlin', quotas: [] },
  status: {},
};

function answerUsage({ path, search }: RecordedRequest) {
  const bounds = { from: search.get('from'), to: search.get('to'), timeZone: 'Europe/Berlin' };
  if (path === '/api/v1/organization') return { status: 200, body: ORGANIZATION };
  if (path === '/api/v1/usage/summary') {
    const items = [{ ...TOTALS, [search.get('groupBy') ?? '']: 'ada' }];
    return { status: 200, body: { ...bounds, items, omittedItems: 0, total: TOTALS } };
  }
  if (path === '/api/v1/usage/timeseries') return { status: 200, body: { ...bounds, interval: 'day', items: [] } };
  if (path === '/api/v1/usage/events') {
    const cursor = search.get('cursor');
    const event = cursor ? { ...EVENT, id: `${EVENT.id.slice(0, -1)}2`, requestId: 'req-2' } : EVENT;
    return { status: 200, body: { items: [event], total: 2, nextCursor: cursor ? null : 'more' } };
  }
  return undefined;
}

afterEach(cleanup);

describe('the usage page', () => {
  it('asks by user in the chosen time zone and cut, and says what is not known for certain', async () => {
    const requests = installFakeApi(answerUsage);
    renderPage(<UsagePage />, '/usage?groupBy=user&range=90d&timeZone=Asia/Kathmandu&interval=month');
    expect(await screen.findByText('ada')).toBeTruthy();
    expect(screen.getByText(/3 requests have no known cost/)).toBeTruthy();
    expect(screen.getByText(/1 request has tokens that no upstream reported/)).toBeTruthy();
    expect(screen.getByText('20 cached, 7 written to caches')).toBeTruthy();
    const asked = requests.filter(({ path }) => path.startsWith('/api/v1/usage/'));
    expect(asked.length).toBeGreaterThanOrEqual(2);
    for (const { search } of asked) {
      expect(search.get('groupBy')).toBe('user');
      expect(search.get('timeZone')).toBe('Asia/Kathmandu');
    }
    expect(asked.find(({ path }) => path.endsWith('/timeseries'))?.search.get('interval')).toBe('month');
  });

  it('goes by the organization’s time zone until another one is chosen', async () => {
    const requests = installFakeApi(answerUsage);
    renderPage(<UsagePage />, '/usage');
    const zone = screen.getByRole('combobox', { name: 'Time zone' });
    await waitFor(() => expect(zone).toHaveProperty('value', 'Europe/Berlin'));
    const user = userEvent.setup();
    await user.click(zone);
    await user.clear(zone);
    await user.paste('Lord');
    await user.click(await screen.findByRole('option', { name: 'Australia/Lord_Howe', hidden: true }));
    await waitFor(() =>
      expect(requests.some(({ search }) => search.get('timeZone') === 'Australia/Lord_Howe')).toBe(true),
    );
  });

  it('reads percentiles only when they are asked for', async () => {
    const requests = installFakeApi(answerUsage);
    renderPage(<UsagePage />, '/usage?groupBy=user');
    await screen.findByText('ada');
    expect(requests.some(({ search }) => search.has('percentiles'))).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Show percentiles' }));
    const table = await screen.findByRole('table', { name: 'Latency by user' });
    const row = await within(table).findByRole('row', { name: /^ada/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    ).toEqual(['ada', '100 ms', '250 ms', '900 ms', '100 ms', '250 ms', '900 ms']);
    expect(requests.some(({ search }) => search.get('percentiles') === 'true')).toBe(true);
  });

  it('exports just what it shows', () => {
    installFakeApi(answerUsage);
    const range = 'from=2026-01-01T00:00:00.000Z&to=2026-01-03T00:00:00.000Z';
    renderPage(<UsagePage />, `/usage?${range}&team=crew&user=ada&timeZone=Asia/Kolkata&groupBy=user`);
    for (const [name, file] of [
      ['Export CSV', 'export.csv'],
      ['FOCUS export', 'focus.csv'],
    ] as const) {
      const href = new URL(screen.getByRole('link', { name }).getAttribute('href') ?? '', 'http://console');
      expect(href.pathname).toBe(`/api/v1/usage/${file}`);
      expect(Object.fromEntries(href.searchParams)).toEqual({
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-01-03T00:00:00.000Z',
        team: 'crew',
        user: 'ada',
        timeZone: 'Asia/Kolkata',
      });
    }
  });
});

describe('the list of requests', () => {
  it('grows page by page, and ends', async () => {
    const requests = installFakeApi(answerUsage);
    renderPage(<RequestsPage />, '/usage/requests?user=ada');
    expect(await screen.findByRole('button', { name: 'Details of request req-1' })).toBeTruthy();
    expect(screen.getByRole('status').textContent).toBe('1 of 2 requests');
    await userEvent.click(screen.getByRole('button', { name: 'Load more' }));
    expect(await screen.findByRole('button', { name: 'Details of request req-2' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
    const asked = requests.filter(({ path }) => path === '/api/v1/usage/events');
    expect(asked.map(({ search }) => [search.get('user'), search.get('cursor')])).toEqual([
      ['ada', null],
      ['ada', 'more'],
    ]);
  });

  it('shows one request with its tokens by kind, and never an unknown cost as nothing', async () => {
    installFakeApi(answerUsage);
    renderPage(<RequestsPage />, '/usage/requests');
    await userEvent.click(await screen.findByRole('button', { name: 'Details of request req-1' }));
    const drawer = await screen.findByRole('dialog', { name: 'Request' });
    const tokens = within(drawer).getByRole('region', { name: 'Tokens' });
    expect(
      within(tokens)
        .getAllByRole('definition')
        .map(({ textContent }) => textContent),
    ).toEqual(['1,200', '300', '512', '90', 'estimated: the upstream reported none']);
    const cost = within(drawer).getByRole('region', { name: 'Cost' });
    expect(
      within(cost)
        .getAllByRole('definition')
        .map(({ textContent }) => textContent),
    ).toEqual(['unknown', 'none was known']);
  });

  it('is narrowed to an outcome, which the export follows', async () => {
    const requests = installFakeApi(answerUsage);
    renderPage(<RequestsPage />, '/usage/requests?outcome=refused');
    await waitFor(() => expect(requests.some(({ search }) => search.get('outcome') === 'refused')).toBe(true));
    const href = screen.getByRole('link', { name: 'Export CSV' }).getAttribute('href');
    expect(new URL(href ?? '', 'http://console').searchParams.get('outcome')).toBe('refused');
  });

  it('is narrowed by what is typed', async () => {
    const requests = installFakeApi(answerUsage);
    renderPage(<RequestsPage />, '/usage/requests');
    await userEvent.type(screen.getByRole('textbox', { name: 'Name of the key' }), 'app-1{Enter}');
    expect(await screen.findByRole('button', { name: 'Remove filter key app-1' })).toBeTruthy();
    await waitFor(() => expect(requests.some(({ search }) => search.get('key') === 'app-1')).toBe(true));
  });
});

describe('the books', () => {
  it('are checked when asked, and then say so', async () => {
    const requests = installFakeApi(({ method, path }) => {
      if (!path.startsWith('/api/v1/usage/reconciliation')) return undefined;
      if (method === 'POST') return { status: 200, body: RECONCILIATION };
      return { status: 404, body: { message: 'The books have not been checked yet.' } };
    });
    renderPage(<BooksPage />, '/usage/books');
    await screen.findByText('The books have not been checked yet.');
    await userEvent.click(screen.getAllByRole('button', { name: 'Check now' })[0] as HTMLElement);
    expect(await screen.findByText('The books agree.')).toBeTruthy();
    expect(screen.getByText('agree')).toBeTruthy();
    expect(screen.getByRole('group', { name: 'Sums checked' }).textContent).toContain('96');
    expect(requests.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
      '/api/v1/usage/reconciliation/run',
    ]);
  });

  it('name each ledger that differs, and what became of it', async () => {
    const difference = {
      subject: 'Team crew',
      quota: 'budget',
      unit: 'cost',
      window: 'month',
      windowStart: '2026-01-01T00:00:00.000Z',
      ledger: 1_000_000,
      events: 2_000_000,
      outcome: 'raised',
    };
    const body = { ...RECONCILIATION, consistent: false, ledgers: { checked: 4, differences: [difference] } };
    installFakeApi(({ path }) => (path === '/api/v1/usage/reconciliation' ? { status: 200, body } : undefined));
    renderPage(<BooksPage />, '/usage/books');
    const row = await screen.findByRole('row', { name: /budget on Team crew/ });
    expect(row.textContent).toContain('$1.00');
    expect(row.textContent).toContain('$2.00');
    expect(row.textContent).toContain('raised');
  });
});
