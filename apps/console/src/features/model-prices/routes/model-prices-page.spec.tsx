import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type FakeAnswer, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { Route, Routes } = await import('react-router');
const { ModelPricesPage } = await import('./model-prices-page.tsx');
const { NewModelPricePage } = await import('./new-model-price-page.tsx');
const { ModelPricePage } = await import('./model-price-page.tsx');
const { navigationFor } = await import('../../../app/navigation.ts');

const status = { id: '1', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' };
const PRICE = {
  apiVersion: 'penstock.dev/v1',
  kind: 'ModelPrice',
  metadata: { name: 'lab-qwen', labels: { tier: 'gold' }, annotations: {} },
  spec: { provider: 'lab', model: 'qwen', inputPerMillion: 75_000, outputPerMillion: 2_500_000 },
  status,
};
const PROVIDER = {
  apiVersion: 'penstock.dev/v1',
  kind: 'LlmProvider',
  metadata: { name: 'lab', labels: {}, annotations: {} },
  spec: { displayName: 'Lab vLLM', models: [{ id: 'qwen', profile: {} }] },
  status,
};
const page = (...items: object[]): FakeAnswer => ({
  status: 200,
  body: { items, total: items.length, nextCursor: null },
});

/** The pages as the router has them, on a control plane that has one provider and answers the rest as told. */
function open(path: string, answer: (request: RecordedRequest) => FakeAnswer | undefined) {
  const requests = installFakeApi((request) => {
    if (request.path === '/api/v1/llm-providers') return page(PROVIDER);
    return answer(request);
  });
  renderPage(
    <Routes>
      <Route path="/model-prices" element={<ModelPricesPage />} />
      <Route path="/model-prices/new" element={<NewModelPricePage />} />
      <Route path="/model-prices/:name" element={<ModelPricePage />} />
    </Routes>,
    path,
  );
  return requests;
}

async function fillIn(user: ReturnType<typeof userEvent.setup>) {
  await user.click(await screen.findByRole('combobox', { name: 'Provider' }));
  await user.click(await screen.findByRole('option', { name: 'Lab vLLM', hidden: true }));
  await user.type(screen.getByRole('combobox', { name: 'Model' }), 'qwen');
  await user.type(screen.getByRole('textbox', { name: 'Input' }), '0.075');
  await user.type(screen.getByRole('textbox', { name: 'Output' }), '2.5');
  await user.click(screen.getByRole('button', { name: 'Create price' }));
}

afterEach(cleanup);

describe('the page of model prices', () => {
  it('is reachable from the navigation', () => {
    const items = navigationFor({ canWrite: false }).flatMap((group) => group.items);
    expect(items).toContainEqual(expect.objectContaining({ label: 'Model prices', to: '/model-prices' }));
  });

  it('lists prices in dollars for a million tokens, exactly, with what is left out filled in', async () => {
    open('/model-prices', ({ path }) => (path === '/api/v1/model-prices' ? page(PRICE) : undefined));
    const row = (await screen.findByRole('link', { name: 'lab-qwen' })).closest('tr');
    const cells = within(row as HTMLElement).getAllByRole('cell');
    expect(cells.slice(1, 8).map((cell) => cell.textContent)).toEqual([
      'lab',
      'qwen',
      '$0.075',
      '$2.50',
      '$0.075',
      '$2.50',
      'always',
    ]);
  });

  it('says what a price is for while there is none, and offers to make one', async () => {
    open('/model-prices', () => undefined);
    expect(await screen.findByText(/Without a price, requests to a model have no cost/)).toBeTruthy();
    for (const link of screen.getAllByRole('link', { name: 'New price' })) {
      expect(link.getAttribute('href')).toBe('/model-prices/new');
    }
  });

  it('creates a price that is named after provider and model, in micro-USD', async () => {
    const requests = open('/model-prices/new', ({ method }) =>
      method === 'POST' ? { status: 201, body: PRICE } : undefined,
    );
    await fillIn(userEvent.setup());
    await screen.findByText('Price lab-qwen was created.');
    expect(requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
      metadata: { name: 'lab-qwen' },
      spec: { provider: 'lab', model: 'qwen', inputPerMillion: 75_000, outputPerMillion: 2_500_000 },
    });
  });

  it('shows a name that is taken at the field of the name', async () => {
    const body = {
      status: 'error',
      code: 'conflict',
      message: "A ModelPrice named 'lab-qwen' exists already.",
      errors: [{ field: 'metadata.name', message: 'is taken already' }],
      requestId: 'r1',
    };
    open('/model-prices/new', ({ method }) => (method === 'POST' ? { status: 409, body } : undefined));
    await fillIn(userEvent.setup());
    expect((await screen.findByRole('alert')).textContent).toContain('exists already');
    expect(screen.getByRole('textbox', { name: 'Name' }).getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('is taken already')).toBeTruthy();
  });

  it('edits a price under the version that it read, and keeps its labels', async () => {
    const requests = open('/model-prices/lab-qwen', ({ path }) =>
      path === '/api/v1/model-prices/lab-qwen' ? { status: 200, body: PRICE, etag: '"1.7"' } : undefined,
    );
    const user = userEvent.setup();
    const output = await screen.findByRole('textbox', { name: 'Output' });
    await user.clear(output);
    await user.type(output, '3');
    await user.click(screen.getByRole('button', { name: 'Save changes' }));
    await screen.findByText('Price lab-qwen was saved.');
    const put = requests.find(({ method }) => method === 'PUT');
    expect(put?.headers.get('if-match')).toBe('"1.7"');
    expect(put?.body).toMatchObject({
      metadata: PRICE.metadata,
      spec: { ...PRICE.spec, outputPerMillion: 3_000_000 },
    });
  });

  it('deletes a price after asking', async () => {
    const requests = open('/model-prices', ({ method, path }) =>
      method === 'DELETE' ? { status: 204 } : path === '/api/v1/model-prices' ? page(PRICE) : undefined,
    );
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Actions for lab-qwen' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    expect(requests.some(({ method }) => method === 'DELETE')).toBe(false);
    const dialog = await screen.findByRole('dialog', { name: 'Delete price lab-qwen' });
    await user.click(within(dialog).getByRole('button', { name: 'Delete price' }));
    await waitFor(() =>
      expect(requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual([
        '/api/v1/model-prices/lab-qwen',
      ]),
    );
    await screen.findByText('Price lab-qwen was deleted.');
  });
});
