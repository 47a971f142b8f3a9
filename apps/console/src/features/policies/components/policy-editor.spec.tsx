import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi, type FakeAnswer, type RecordedRequest } from '../../../testing/fake-api.test.ts';
import { DESCRIBED_POLICIES } from '../../../testing/policy-catalogue.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { Route, Routes } = await import('react-router');
const { ProxyPage } = await import('../../proxies/routes/proxy-page.tsx');

const status = {
  id: '1',
  state: 'deployed',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};
const metadata = { name: 'chat', labels: {}, annotations: {} };
const SPEC = {
  displayName: 'Chat',
  version: 'v1.0',
  context: '/chat',
  provider: { id: 'lab' },
  additionalProviders: [{ id: 'claude', as: 'smart' }],
  models: [],
  policies: [],
  globalPolicies: [],
  operationPolicies: [],
  authentication: 'virtual-key',
  unsupportedParameters: 'lenient',
  quotas: [],
  deploymentState: 'deployed',
};

function open(lists: object = {}, saved: FakeAnswer = { status: 200, body: {} }) {
  const proxy = { apiVersion: 'penstock.dev/v1', kind: 'LlmProxy', metadata, spec: { ...SPEC, ...lists }, status };
  const requests = installFakeApi(({ method, path }: RecordedRequest) => {
    if (method === 'PUT') return saved;
    if (path === '/api/v1/policies') return { status: 200, body: { items: DESCRIBED_POLICIES } };
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

async function addPolicy(user: User, button: string, policy: RegExp) {
  const add = await screen.findByRole('button', { name: button });
  await waitFor(() => expect((add as HTMLButtonElement).disabled).toBe(false));
  await user.click(add);
  const dialog = await screen.findByRole('dialog', { name: button });
  await user.click(within(dialog).getByRole('button', { name: policy }));
}

async function save(user: User) {
  await user.click(screen.getByRole('button', { name: 'Save changes' }));
}

const card = (name: RegExp) => screen.findByRole('group', { name });
const regex = (params: object) => ({ name: 'regex-guardrail', version: 'v1', params });
const SIZE = { name: 'request-size', version: 'v1', params: { maxBytes: 1_000 } };

afterEach(cleanup);

describe('the policies of a proxy', () => {
  it('are added from the catalogue, found by search, and filled in by a form of their schema', async () => {
    const { user, sent } = open();
    expect(await screen.findByText(/^None: requests go through this proxy/)).toBeTruthy();
    const add = await screen.findByRole('button', { name: 'Add a policy' });
    await waitFor(() => expect((add as HTMLButtonElement).disabled).toBe(false));
    await user.click(add);
    const dialog = await screen.findByRole('dialog', { name: 'Add a policy' });
    await user.type(within(dialog).getByRole('searchbox'), 'regular expression guardrail');
    expect(within(dialog).queryByRole('button', { name: /request-size/ })).toBeNull();
    await user.click(within(dialog).getByRole('button', { name: /regex-guardrail/ }));

    const added = await card(/^Policy 1: Regular expression/);
    await user.click(within(added).getByRole('switch', { name: 'Request' }));
    const request = within(added).getByRole('group', { name: 'Request' });
    await user.type(within(request).getByRole('textbox', { name: /^Regex/ }), 'secret-[[0-9]+');
    await user.click(within(request).getByRole('switch', { name: /^Invert/ }));
    await user.click(within(added).getByRole('combobox', { name: 'Mode' }));
    await user.click(await screen.findByRole('option', { name: 'monitor', hidden: true }));
    await user.type(within(added).getByRole('textbox', { name: 'Runs where' }), "request.Method == 'POST'");
    await save(user);
    await waitFor(() => expect(sent()).toBeTruthy());
    expect(sent()?.spec.globalPolicies).toEqual([
      {
        ...regex({ request: { regex: 'secret-[0-9]+', invert: true }, mode: 'monitor' }),
        executionCondition: "request.Method == 'POST'",
      },
    ]);
  });

  it('are checked before anything is sent; what is wrong is unfolded and focused', async () => {
    const { user, sent } = open({ globalPolicies: [regex({ request: { regex: 'a' } })] });
    const folded = await card(/^Policy 1: Regular expression/);
    await user.click(within(folded).getByRole('button', { name: /^1 ?Regular expression/ }));
    await user.clear(within(folded).getByRole('textbox', { name: /^Regex/ }));
    await user.click(within(folded).getByRole('button', { name: /^1 ?Regular expression/ }));
    expect(within(folded).queryByRole('textbox', { name: /^Regex/ })).toBeNull();
    await save(user);
    const field = await within(folded).findByRole('textbox', { name: /^Regex/ });
    expect(within(folded).getByText('is required')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(sent()).toBeUndefined();
    await user.type(field, 'b');
    await waitFor(() => expect(within(folded).queryByText('is required')).toBeNull());
  });

  it('say what several parameters must be together', async () => {
    const { user, sent } = open();
    await addPolicy(user, 'Add a policy', /regex-guardrail/);
    await save(user);
    expect(await screen.findByText('at least one of request or response must be specified')).toBeTruthy();
    expect(sent()).toBeUndefined();
  });

  it('show what only the server refuses at its field, inside of lists too', async () => {
    const errors = [
      { field: 'spec.globalPolicies[0].params.mappings[1].provider', message: 'is unknown' },
      { field: 'spec.globalPolicies[0].executionCondition', message: 'cannot be read' },
    ];
    const { user } = open(
      {
        globalPolicies: [
          {
            name: 'openai-header-router',
            version: 'v1',
            params: {
              mappings: [
                { headerValue: 'a', provider: 'lab' },
                { headerValue: 'b', provider: 'smart' },
              ],
            },
          },
        ],
      },
      { status: 400, body: { status: 'error', code: 'invalid', message: 'It is invalid.', errors, requestId: 'r1' } },
    );
    await card(/^Policy 1: Provider by header/);
    await save(user);
    const second = await screen.findByRole('group', { name: 'Mappings 2' });
    expect(within(second).getByText('is unknown')).toBeTruthy();
    expect(screen.getByText('cannot be read')).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toBe('It is invalid.');
    await waitFor(() =>
      expect(document.activeElement).toBe(within(second).getByRole('combobox', { name: /^Provider/ })),
    );
  });

  it('are moved and removed with buttons, which say what they did', async () => {
    const { user, sent } = open({ globalPolicies: [SIZE, regex({ request: { regex: 'a' } })] });
    await card(/^Policy 2: Regular expression/);
    await user.click(screen.getByRole('button', { name: 'Move regular expression, number 2 up' }));
    expect(await card(/^Policy 1: Regular expression/)).toBeTruthy();
    expect(screen.getByText('Regular expression is now number 1 of 2.')).toBeTruthy();
    const up = screen.getByRole('button', { name: 'Move regular expression, number 1 up' });
    expect([up.getAttribute('aria-disabled'), document.activeElement === up]).toEqual(['true', true]);
    await user.click(screen.getByRole('button', { name: 'Remove size of requests, number 2' }));
    await save(user);
    await waitFor(() => expect(sent()).toBeTruthy());
    expect(sent()?.spec.globalPolicies).toEqual([regex({ request: { regex: 'a' } })]);
  });

  it('for some paths have parameters for each', async () => {
    const { user, sent } = open();
    await addPolicy(user, 'Add a policy for some paths', /request-size/);
    const added = await card(/^Policy 1: Size of requests/);
    await user.type(within(added).getByRole('textbox', { name: /^Max bytes/ }), '5000');
    await user.click(within(added).getByRole('button', { name: 'Add a path' }));
    const second = within(added).getByRole('group', { name: 'Path 2' });
    await user.clear(within(second).getByRole('textbox', { name: /^Path 2/ }));
    await user.type(within(second).getByRole('textbox', { name: /^Path 2/ }), '/embeddings');
    await user.type(within(second).getByRole('textbox', { name: /^Max bytes/ }), '7000');
    await save(user);
    await waitFor(() => expect(sent()).toBeTruthy());
    expect(sent()?.spec.operationPolicies).toEqual([
      {
        name: 'request-size',
        version: 'v1',
        paths: [
          { path: '/chat/completions', methods: ['POST'], params: { maxBytes: 5_000 } },
          { path: '/embeddings', methods: ['POST'], params: { maxBytes: 7_000 } },
        ],
      },
    ]);
  });

  it('in the former spelling stay there, with an offer to convert them', async () => {
    const { user, sent } = open({ policies: [SIZE] });
    expect(await screen.findByRole('group', { name: 'In one list' })).toBeTruthy();
    expect(screen.queryByRole('group', { name: 'For every path' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Convert to the present spelling' }));
    expect(await screen.findByRole('group', { name: 'For every path' })).toBeTruthy();
    await save(user);
    await waitFor(() => expect(sent()).toBeTruthy());
    expect(sent()?.spec).toMatchObject({ policies: [], globalPolicies: [SIZE] });
  });

  it('may refer to secrets in any text', async () => {
    const { user, sent } = open();
    await addPolicy(user, 'Add a policy', /set-headers/);
    const added = await card(/^Policy 1: Set headers/);
    await user.click(within(added).getByRole('button', { name: 'Add to request headers' }));
    const header = within(added).getByRole('group', { name: 'Request headers 1' });
    await user.type(within(header).getByRole('textbox', { name: /^Name/ }), 'x-token');
    await user.type(within(header).getByRole('textbox', { name: /^Value/ }), '{{{{ secret "token" }}');
    await save(user);
    await waitFor(() => expect(sent()).toBeTruthy());
    expect(sent()?.spec.globalPolicies).toMatchObject([
      { params: { requestHeaders: [{ name: 'x-token', value: '{{ secret "token" }}' }] } },
    ]);
  });

  it('have a JSON editor for what no field can show; text that is not JSON is kept and not sent', async () => {
    const { user, sent } = open();
    await addPolicy(user, 'Add a policy', /json-schema-guardrail/);
    const added = await card(/^Policy 1: JSON Schema/);
    await user.click(within(added).getByRole('switch', { name: 'Request' }));
    const schema = within(added).getByRole('textbox', { name: 'Schema' });
    await user.type(schema, '{{"type": "object"');
    await save(user);
    expect(await within(added).findByText('must be JSON')).toBeTruthy();
    expect([sent(), (schema as HTMLTextAreaElement).value]).toEqual([undefined, '{"type": "object"']);
    await user.type(within(added).getByRole('textbox', { name: 'Schema' }), '}');
    await save(user);
    await waitFor(() => expect(sent()).toBeTruthy());
    expect(sent()?.spec.globalPolicies).toMatchObject([{ params: { request: { schema: { type: 'object' } } } }]);
  });

  it('that this release does not know are kept, and shown as JSON', async () => {
    const odd = { name: 'of-tomorrow', version: 'v1', params: { a: [1] } };
    const { user } = open({ globalPolicies: [odd] });
    const shown = await card(/^Policy 1: of-tomorrow/);
    await user.click(within(shown).getByRole('button', { name: /of-tomorrow unknown/ }));
    const json = await within(shown).findByRole('textbox', { name: /^Parameters/ });
    expect(JSON.parse((json as HTMLTextAreaElement).value)).toEqual({ a: [1] });
    await save(user);
    expect(await within(shown).findByText("unknown policy 'of-tomorrow'")).toBeTruthy();
  });
});
