import { afterEach, describe, expect, it } from '@jest/globals';
import type { ExplainResult } from '@penstock/contracts';
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { installFakeApi } from '../../../testing/fake-api.test.ts';
import { renderPage } from '../../../testing/render-page.test.tsx';

const { ExplainPage } = await import('./explain-page.tsx');

const RESULT: ExplainResult = {
  proxy: { name: 'shop', context: '/shop', why: 'its context is the beginning of the path', alsoMatching: [] },
  operation: { operation: 'chat', dialect: 'openai-chat', path: '/chat/completions' },
  authentication: { required: true, virtualKey: 'app', team: 'crew', usable: true, reasons: [] },
  policies: [
    {
      name: 'regex-guardrail',
      category: 'guardrails',
      where: 'global',
      condition: "a == 'b'",
      runs: 'no',
      why: 'false',
    },
  ],
  model: { asked: 'smart', rule: 'virtual-model', why: 'it is a model of the proxy' },
  targets: [
    {
      provider: 'lab',
      alias: 'lab',
      model: 'small',
      upstreamModel: 'small-1',
      weight: 1,
      priority: 0,
      share: 0.75,
      dialect: 'openai-chat',
      translated: false,
      leftOut: null,
      price: null,
    },
  ],
  limits: [
    {
      subject: 'VirtualKey app',
      quota: 'tiny',
      unit: 'tokens',
      window: 'day',
      max: 5,
      mode: 'enforce',
      estimate: 'soft',
      onExceeded: 'deny',
      charge: 12,
      live: null,
      fits: false,
    },
  ],
  hold: null,
  verdict: {
    admitted: false,
    error: { code: 'quota_exceeded', status: 429, message: 'The quota is used up.' },
    notes: ['Redis does not answer.'],
  },
};

afterEach(cleanup);

function open() {
  const requests = installFakeApi(({ method }) => (method === 'POST' ? { status: 200, body: RESULT } : undefined));
  renderPage(<ExplainPage />, '/explain?path=/shop/v1/chat/completions');
  return { user: userEvent.setup(), asked: () => requests.find(({ method }) => method === 'POST')?.body };
}

describe('the page that explains a request', () => {
  it('asks with what was typed, and tells the verdict and each step', async () => {
    const { user, asked } = open();
    await user.type(screen.getByRole('combobox', { name: 'Model' }), 'smart');
    await user.type(screen.getByRole('textbox', { name: 'Headers' }), 'x-tier: gold{Enter}x-provider:lab');
    await user.type(screen.getByRole('textbox', { name: 'Body' }), '{{"stream": true}');
    await user.click(screen.getByRole('button', { name: 'Explain' }));
    const answer = await screen.findByRole('region', { name: 'Answer' });
    expect(asked()).toEqual({
      method: 'POST',
      path: '/shop/v1/chat/completions',
      model: 'smart',
      headers: { 'x-tier': 'gold', 'x-provider': 'lab' },
      body: { stream: true },
    });
    expect(within(answer).getByText('It would be refused with 429')).toBeTruthy();
    expect(within(answer).getByText('The quota is used up. (quota_exceeded)')).toBeTruthy();
    expect(within(answer).getByText('Redis does not answer.')).toBeTruthy();
    const row = (table: string, name: RegExp) =>
      within(within(answer).getByRole('table', { name: table })).getByRole('row', { name });
    expect(row('Policies', /regex-guardrail global no false/)).toBeTruthy();
    expect(row('Targets', /lab\/small small-1 0 75 % unknown openai-chat, as it is/)).toBeTruthy();
    expect(row('Limits', /5 tokens a day.*12 unknown no/)).toBeTruthy();
  });

  it('refuses what is no header and no JSON before it asks', async () => {
    const { user, asked } = open();
    await user.type(screen.getByRole('textbox', { name: 'Headers' }), 'nonsense');
    await user.type(screen.getByRole('textbox', { name: 'Body' }), '[[1]');
    await user.click(screen.getByRole('button', { name: 'Explain' }));
    expect(await screen.findByText('“nonsense” is no header: write name: value.')).toBeTruthy();
    expect(screen.getByText('must be a JSON object')).toBeTruthy();
    expect(asked()).toBeUndefined();
  });
});
