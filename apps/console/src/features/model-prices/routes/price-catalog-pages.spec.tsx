import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { Route, Routes } = await import('react-router');
const { PriceCatalogPage } = await import('./price-catalog-page.tsx');
const { UnpricedModelsPage } = await import('./unpriced-models-page.tsx');
const { NewModelPricePage } = await import('./new-model-price-page.tsx');
const { setCsrfToken } = await import('../../../lib/csrf-token.ts');

const STATUS = {
  source: 'A list of prices',
  license: 'MIT',
  date: '2026-11-15',
  sourceSha256: 'a'.repeat(64),
  sha256: `3fa9c1d2${'b'.repeat(56)}`,
  uploaded: false,
  updatedAt: null,
  models: 412,
};
const MODEL = {
  template: 'anthropic',
  model: 'claude-opus',
  inputPerMillion: 5_000_000,
  outputPerMillion: 25_000_000,
  cacheWritePerMillion: 6_250_000,
};
const PROVIDER = {
  metadata: { name: 'lab', labels: {}, annotations: {} },
  spec: { displayName: 'Lab vLLM', models: [{ id: 'qwen', profile: {} }] },
  status: {},
};

const page = (...items: object[]) => ({ status: 200, body: { items, total: items.length, nextCursor: null } });

function open(path: string, catalog: object = STATUS) {
  const requests = installFakeApi(({ method, path: asked }: RecordedRequest) => {
    if (asked === '/api/v1/price-catalog') return { status: 200, body: method === 'DELETE' ? STATUS : catalog };
    if (asked === '/api/v1/price-catalog/models') return page(MODEL);
    if (asked === '/api/v1/price-catalog/unknown') {
      return {
        status: 200,
        body: { items: [{ provider: 'lab', model: 'qwen', upstreamModel: 'Qwen/Qwen3', requests: 12 }] },
      };
    }
    return asked === '/api/v1/llm-providers' ? page(PROVIDER) : undefined;
  });
  renderPage(
    <Routes>
      <Route path="/price-catalog" element={<PriceCatalogPage />} />
      <Route path="/unpriced-models" element={<UnpricedModelsPage />} />
      <Route path="/model-prices/new" element={<NewModelPricePage />} />
    </Routes>,
    path,
  );
  return requests;
}

/** An upload that goes as far as the test lets it. */
class FakeUpload {
  static last: FakeUpload;
  readonly upload = new EventTarget();
  readonly headers = new Map<string, string>();
  readonly #listeners = new EventTarget();
  status = 0;
  responseText = '';
  opened = '';
  sent: unknown;

  constructor() {
    FakeUpload.last = this;
  }

  open(method: string, path: string): void {
    this.opened = `${method} ${path}`;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  addEventListener(type: string, listener: () => void): void {
    this.#listeners.addEventListener(type, listener);
  }

  send(body: unknown): void {
    this.sent = body;
  }

  async progress(loaded: number, total: number): Promise<void> {
    await act(async () => this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded, total })));
  }

  async finish(status: number, body: object): Promise<void> {
    this.status = status;
    this.responseText = JSON.stringify(body);
    await act(async () => this.#listeners.dispatchEvent(new Event('load')));
  }
}

async function upload(): Promise<File> {
  Object.assign(globalThis, { XMLHttpRequest: FakeUpload });
  setCsrfToken('csrf-of-the-session');
  await screen.findByText('A list of prices');
  const file = new File(['{}'], 'prices.json', { type: 'application/json' });
  const input = document.querySelector<HTMLInputElement>('input[type=file]');
  if (!input) throw new Error('There is no field for a file.');
  await userEvent.upload(input, file);
  return file;
}

afterEach(cleanup);

describe('the price catalog', () => {
  it('says which one is in use and lists its models', async () => {
    const requests = open('/price-catalog?template=anthropic&q=opus');
    expect(await screen.findByText('built in')).toBeTruthy();
    expect(screen.getByText('3fa9c1d2bbbb…')).toBeTruthy();
    const row = await screen.findByRole('row', { name: /claude-opus/ });
    expect(row.textContent).toContain('$25.00');
    expect(within(row).getByRole('note').getAttribute('aria-label')).toBe('Cache write $6.25');
    const asked = requests.find(({ path }) => path.endsWith('/models'))?.search;
    expect([asked?.get('template'), asked?.get('q')]).toEqual(['anthropic', 'opus']);
    expect(screen.queryByRole('button', { name: 'Back to the built-in' })).toBeNull();
  });

  it('is replaced by a file, whose way is shown', async () => {
    open('/price-catalog');
    const file = await upload();
    await FakeUpload.last.progress(25, 100);
    expect(screen.getByRole('progressbar', { name: 'Upload of the catalog' }).getAttribute('aria-valuenow')).toBe('25');
    expect(FakeUpload.last.opened).toBe('PUT /api/v1/price-catalog');
    expect(FakeUpload.last.headers.get('x-csrf-token')).toBe('csrf-of-the-session');
    expect(FakeUpload.last.sent).toBe(file);
    await FakeUpload.last.finish(200, STATUS);
    expect(await screen.findByText('The catalog of prices.json is in use.')).toBeTruthy();
  });

  it('says what is wrong in a file, without drowning in it', async () => {
    open('/price-catalog');
    await upload();
    const errors = Array.from({ length: 8 }, (_, index) => ({ field: `templates.a.${index}`, message: 'is no price' }));
    const message = 'The request is invalid.';
    await FakeUpload.last.finish(400, { status: 'error', code: 'invalid', message, errors, requestId: 'r1' });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The request is invalid.');
    expect(within(alert).getAllByRole('listitem')).toHaveLength(6);
    expect(alert.textContent).toContain('and 3 more');
  });

  it('goes back to the built-in one after asking', async () => {
    const requests = open('/price-catalog', { ...STATUS, uploaded: true });
    await userEvent.click(await screen.findByRole('button', { name: 'Back to the built-in' }));
    expect(requests.some(({ method }) => method === 'DELETE')).toBe(false);
    await userEvent.click(await screen.findByRole('button', { name: 'Use the built-in catalog' }));
    await waitFor(() => expect(requests.some(({ method }) => method === 'DELETE')).toBe(true));
  });
});

describe('the models without a price', () => {
  it('lead to a form that is filled in', async () => {
    open('/unpriced-models');
    await userEvent.click(await screen.findByRole('link', { name: 'Set a price for qwen of lab' }));
    expect(await screen.findByRole('textbox', { name: 'Name' })).toHaveProperty('value', 'lab-qwen');
    expect(screen.getByRole('combobox', { name: 'Model' })).toHaveProperty('value', 'qwen');
    await waitFor(() => expect(screen.getByRole('combobox', { name: 'Provider' })).toHaveProperty('value', 'Lab vLLM'));
  });
});
