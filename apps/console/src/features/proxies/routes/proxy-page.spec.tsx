import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type FakeAnswer, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { DESCRIBED_POLICIES } from '../../../testing/policy-catalogue.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { Route, Routes } = await import('react-router');
const { ProxyPage } = await import('./proxy-page.tsx');

const at = '2026-01-01T00:00:00.000Z';
const auth = { type: 'api-key', header: 'X-API-Key' };
const azure = { type: 'openai-to-azure-openai', version: 'v1', params: { apiVersion: '2024-10-21' } };
const SPEC = {
  displayName: 'Chat',
  version: 'v1.0',
  context: '/chat',
  vhost: 'llm.example.com',
  provider: { id: 'lab', auth },
  additionalProviders: [{ id: 'lab', as: 'smart', transformer: azure }],
  models: [],
  policies: [],
  globalPolicies: [],
  operationPolicies: [],
  authentication: 'virtual-key',
  unsupportedParameters: 'lenient',
  resilience: { timeout: '90s' },
  quotas: [],
  deploymentState: 'deployed',
};

function open(changes: object = {}, saved: FakeAnswer = { status: 200, body: {} }) {
  const proxy = {
    apiVersion: 'penstock.dev/v1',
    kind: 'LlmProxy',
    metadata: { name: 'chat', labels: {}, annotations: {} },
    spec: { ...SPEC, ...changes },
    status: {
      id: '1',
      state: 'deployed',
      createdAt: at,
      updatedAt: at,
      credentials: [{ provider: 'lab', updatedAt: at, secrets: ['hop'] }],
    },
  };
  const provider = { metadata: { name: 'lab', labels: {}, annotations: {} }, spec: { displayName: 'Lab' } };
  const requests = installFakeApi(({ method, path }: RecordedRequest) => {
    if (method === 'PUT') return saved;
    if (path === '/api/v1/policies') return { status: 200, body: { items: DESCRIBED_POLICIES } };
    if (path === '/api/v1/llm-providers')
      return { status: 200, body: { items: [provider], total: 1, nextCursor: null } };
    if (path === '/api/v1/llm-proxies/chat') return { status: 200, body: proxy, etag: '"1.1"' };
    if (path === '/api/v1/llm-proxies/chat/limits') return { status: 200, body: { items: [] } };
    return undefined;
  });
  renderPage(
    <Routes>
      <Route path="/proxies/:name" element={<ProxyPage />} />
      <Route path="*" element={null} />
    </Routes>,
    '/proxies/chat',
  );
  return {
    user: userEvent.setup(),
    sent: () => requests.find(({ method }) => method === 'PUT')?.body as { spec: typeof SPEC } | undefined,
  };
}

type User = ReturnType<typeof userEvent.setup>;

const save = async (user: User) => user.click(screen.getByRole('button', { name: 'Save changes' }));
const group = (name: string) => screen.findByRole('group', { name });

async function pick(user: User, label: RegExp, option: string) {
  await user.click(within(await group('Additional provider 1')).getByRole('combobox', { name: label }));
  await user.click(await screen.findByRole('option', { name: option }));
}

afterEach(cleanup);

describe('the providers of a proxy', () => {
  it('are sent as they were, whatever the form shows of them', async () => {
    const { user, sent } = open();
    const primary = within(await group('Primary provider'));
    expect(primary.getByText('One is stored, with the secret “hop”. Leave empty to keep it.')).toBeTruthy();
    await within(await group('Additional provider 1')).findByRole('textbox', { name: 'API version' });
    await save(user);
    await waitFor(() => expect(sent()?.spec).toEqual(SPEC));
  });

  it('are shown a value that is typed', async () => {
    const { user, sent } = open();
    await user.type(within(await group('Primary provider')).getByLabelText(/^Value/), 'k1');
    await save(user);
    await waitFor(() => expect(sent()?.spec.provider.auth).toEqual({ ...auth, value: 'k1' }));
  });

  it('get a transformer, with what it must have', async () => {
    const { user, sent } = open({ additionalProviders: [{ id: 'lab', as: 'smart' }] });
    await waitFor(async () => pick(user, /^Transformer$/, 'OpenAI to Azure OpenAI'));
    const other = within(await group('Additional provider 1'));
    // Where it stands says which provider it is for.
    expect(other.queryByRole('textbox', { name: /^Upstream name/ })).toBeNull();
    await save(user);
    const version = other.getByRole('textbox', { name: 'API version' });
    expect(await other.findByText('is required')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(version));
    expect(sent()).toBeUndefined();
    await user.type(version, '2024-10-21');
    await save(user);
    await waitFor(() => expect(sent()?.spec.additionalProviders[0]?.transformer).toEqual(azure));
  });

  it('lose a transformer', async () => {
    const { user, sent } = open();
    await pick(user, /^Transformer$/, 'None');
    await save(user);
    await waitFor(() => expect(sent()?.spec.additionalProviders).toEqual([{ id: 'lab', as: 'smart' }]));
  });

  it('keep a transformer that the document calls by another name', async () => {
    const transformer = {
      ...azure,
      type: 'openai-to-azure-openai-transformer',
      params: { ...azure.params, provider: 'smart' },
    };
    const { user, sent } = open({ additionalProviders: [{ id: 'lab', as: 'smart', transformer }] });
    const other = within(await group('Additional provider 1'));
    expect(other.getByRole('combobox', { name: 'Transformer' })).toHaveProperty('value', transformer.type);
    await waitFor(() => expect(other.getByRole('textbox', { name: 'Provider' })).toHaveProperty('value', 'smart'));
    await save(user);
    await waitFor(() => expect(sent()?.spec.additionalProviders[0]?.transformer).toEqual(transformer));
  });

  it('say at its field what the server refuses', async () => {
    const errors = [
      { field: 'spec.additionalProviders[0].transformer.params.model', message: 'is no model there' },
      { field: 'spec.provider.auth.value', message: "there is no secret 'gone'" },
    ];
    const { user } = open(
      {},
      { status: 400, body: { code: 'invalid', message: 'It is invalid.', errors, requestId: 'r' } },
    );
    const other = within(await group('Additional provider 1'));
    await other.findByRole('textbox', { name: 'Model' });
    await save(user);
    expect(await other.findByText('is no model there')).toBeTruthy();
    expect(within(await group('Primary provider')).getByText("there is no secret 'gone'")).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(other.getByRole('textbox', { name: 'Model' })));
  });
});
