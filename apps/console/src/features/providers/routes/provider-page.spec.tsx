import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { Route, Routes } = await import('react-router');
const { ProviderPage } = await import('./provider-page.tsx');

const at = '2026-01-01T00:00:00.000Z';
const SPEC = {
  displayName: 'Lab',
  version: 'v1.0',
  template: 'vllm',
  vhost: 'lab.example.com',
  upstream: { ref: 'servers', hostRewrite: 'manual', auth: { type: 'none' } },
  upstreamDefinitions: [
    {
      name: 'servers',
      basePath: '/v1',
      timeout: { connect: '2s' },
      upstreams: [{ url: 'http://one.example', weight: 5 }],
    },
  ],
  policies: [],
  globalPolicies: [],
  operationPolicies: [],
  accessControl: { mode: 'allow_all', exceptions: [] },
  timeouts: { idle: '10s' },
  resilience: { timeout: '30s' },
  maxConnections: 1024,
  quotas: [],
  deploymentState: 'deployed',
};
const TESTED = { ok: true, code: 'ok', reason: null, status: 200, durationMs: 3, models: [] };

function open(changes: object = {}) {
  const provider = {
    apiVersion: 'penstock.dev/v1',
    kind: 'LlmProvider',
    metadata: { name: 'lab', labels: {}, annotations: {} },
    spec: { ...SPEC, ...changes },
    status: { id: '1', state: 'deployed', createdAt: at, updatedAt: at, credential: null },
  };
  const requests = installFakeApi(({ method, path }: RecordedRequest) => {
    if (method === 'PUT') return { status: 200, body: {} };
    if (path === '/api/v1/llm-providers/test') return { status: 200, body: TESTED };
    if (path === '/api/v1/policies') return { status: 200, body: { items: [] } };
    if (path === '/api/v1/llm-providers/lab') return { status: 200, body: provider, etag: '"1.1"' };
    if (path === '/api/v1/llm-providers/lab/limits') return { status: 200, body: { items: [] } };
    return undefined;
  });
  renderPage(
    <Routes>
      <Route path="/providers/:name" element={<ProviderPage />} />
      <Route path="*" element={null} />
    </Routes>,
    '/providers/lab',
  );
  const bodyOf = (wanted: string) => requests.find(({ method }) => method === wanted)?.body;
  return {
    user: userEvent.setup(),
    sent: () => (bodyOf('PUT') as { spec: typeof SPEC } | undefined)?.spec,
    tested: () => (bodyOf('POST') as { upstream: object } | undefined)?.upstream,
  };
}

type User = ReturnType<typeof userEvent.setup>;

const save = async (user: User) => user.click(screen.getByRole('button', { name: 'Save changes' }));
const definition = () => screen.findByRole('group', { name: 'Upstream definition 1' });

async function pick(user: User, label: string, option: RegExp) {
  await user.click(await screen.findByRole('combobox', { name: label }));
  await user.click(await screen.findByRole('option', { name: option }));
}

afterEach(cleanup);

describe('the servers of a provider', () => {
  it('are sent as they were, and timeouts in the spelling that they had', async () => {
    const { user, sent } = open();
    await definition();
    await user.click(screen.getByRole('button', { name: 'Timeouts, quotas and deployment' }));
    expect(await screen.findByLabelText('Total')).toHaveProperty('value', '30s');
    expect(screen.getByLabelText('Idle')).toHaveProperty('value', '10s');
    await save(user);
    await waitFor(() => expect(sent()).toEqual(SPEC));
  });

  it('go on being meant under another name', async () => {
    const { user, sent } = open();
    const name = within(await definition()).getByRole('textbox', { name: 'Definition name' });
    await user.clear(name);
    await user.type(name, 'lab');
    await save(user);
    await waitFor(() => expect(sent()?.upstream.ref).toBe('lab'));
    expect(sent()?.upstreamDefinitions[0]?.name).toBe('lab');
  });

  it('begin with the URL that there was', async () => {
    const upstream = { url: 'http://old.example', auth: { type: 'none' } };
    const { user, sent } = open({ upstream, upstreamDefinitions: [] });
    await pick(user, 'Servers', /^Several/);
    await user.click(within(await definition()).getByRole('button', { name: 'Add a server' }));
    const second = within(await screen.findByRole('group', { name: 'Server 2 of definition 1' }));
    await user.type(second.getByRole('textbox', { name: 'URL' }), 'http://new.example');
    await save(user);
    await waitFor(() => expect(sent()?.upstream).toEqual({ ref: 'servers', auth: { type: 'none' } }));
    expect(sent()?.upstreamDefinitions[0]?.upstreams).toEqual([
      { url: 'http://old.example', weight: 100 },
      { url: 'http://new.example', weight: 100 },
    ]);
  });

  it('are left for a URL, and stay in the document', async () => {
    const { user, sent } = open();
    await pick(user, 'Servers', /^One URL/);
    await user.type(screen.getByRole('textbox', { name: 'Base URL' }), 'http://new.example');
    await save(user);
    await waitFor(() => expect(sent()?.upstream).toHaveProperty('url', 'http://new.example'));
    expect(sent()?.upstream).not.toHaveProperty('ref');
    expect(sent()?.upstreamDefinitions).toEqual(SPEC.upstreamDefinitions);
  });

  it('are tested by the first of them', async () => {
    const { user, tested } = open();
    await definition();
    await user.click(screen.getByRole('button', { name: 'Test connection' }));
    await waitFor(() => expect(tested()).toEqual({ url: 'http://one.example/v1', auth: { type: 'none' } }));
  });

  it('say that nothing is sent to any of them', async () => {
    const { user, sent } = open();
    const weight = within(await definition()).getByRole('textbox', { name: 'Weight' });
    await user.clear(weight);
    await user.type(weight, '0');
    await save(user);
    expect(await screen.findByText('at least one must have a weight above 0')).toBeTruthy();
    expect(sent()).toBeUndefined();
  });
});
