import type { Page } from '@playwright/test';
import { expect, test, uniqueName } from './support/fixtures.ts';
import { choose } from './support/form.ts';
import { chat, completedChat, statusWithin, type CompletionUsage } from './support/gateway-calls.ts';
import type { Ready } from './support/ready.ts';

/** How soon a change made in the console has to hold at the gateway. */
const LIVE_WITHIN_MS = 1000;

// `npm run e2e:vllm` sets both.
const upstreamModel = process.env['VLLM_MODEL'] ?? 'simulated-chat';
const upstreamUrl = (ready: Ready): string => process.env['VLLM_BASE_URL'] ?? `${ready.simulatedUpstream}/v1`;

async function createProvider(page: Page, ready: Ready, name: string): Promise<void> {
  await page.goto('/providers');
  await page.getByRole('link', { name: 'New provider' }).click();
  await choose(page, page, 'Template', 'vLLM');
  await page.getByLabel('Display name').fill(name);
  await page.getByLabel('Base URL').fill(upstreamUrl(ready));
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('Connected')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Models discovered' })).toContainText(upstreamModel);
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(name);
  await page.getByRole('button', { name: 'Create provider' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Provider ${name} was created.` })).toBeVisible();
}

async function createProxy(page: Page, names: { proxy: string; provider: string; model: string }): Promise<void> {
  await page.goto('/proxies/new');
  await page.getByLabel('Display name').fill(names.proxy);
  await page.getByLabel('Context').fill(`/${names.proxy}`);
  await choose(page, page, 'Primary provider', new RegExp(`^${names.provider} `));
  await page.getByRole('button', { name: 'Add a model' }).click();
  await page.getByLabel('Model name for callers').fill(names.model);
  await page.getByLabel('Upstream model').fill(upstreamModel);
  await page.getByRole('button', { name: 'Create proxy' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Proxy ${names.proxy} was created.` })).toBeVisible();
}

async function createKey(page: Page, name: string): Promise<string> {
  await page.goto('/virtual-keys');
  await page.getByRole('button', { name: 'New virtual key' }).click();
  const dialog = page.getByRole('dialog', { name: 'New virtual key' });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await choose(page, dialog, 'Team', 'Default');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const secret = await page.getByRole('region', { name: 'Secret' }).textContent();
  expect(secret).toMatch(/^psk_\S+$/);
  return secret ?? '';
}

async function leaveSecretDialog(page: Page, secret: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'is ready' });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Done' })).toBeDisabled();
  await dialog.getByLabel('I have stored it').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Virtual keys' })).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);
}

const sum = (usages: readonly CompletionUsage[], count: keyof CompletionUsage): string =>
  new Intl.NumberFormat('en-US').format(usages.reduce((total, usage) => total + usage[count], 0));

test('from an empty form to a metered completion, and back to 401', async ({ ownerPage: page, ready }) => {
  test.setTimeout(90_000);
  const provider = uniqueName('provider');
  const proxy = uniqueName('proxy');
  const key = uniqueName('key');
  const model = 'journey-model';
  const baseUrl = `${ready.gateway}/${proxy}`;

  await createProvider(page, ready, provider);
  await createProxy(page, { proxy, provider, model });
  const secret = await createKey(page, key);
  const send = () => chat(baseUrl, secret, model);
  // A model list costs no tokens, so that the usage below is that of the chats alone.
  const ask = () => fetch(`${baseUrl}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
  await test.step('the key works within a second', () => statusWithin(LIVE_WITHIN_MS, 200, ask));
  await leaveSecretDialog(page, secret);

  const usages: CompletionUsage[] = [];
  for (let index = 0; index < 5; index += 1) usages.push(await completedChat(baseUrl, secret, model));

  await test.step('the usage shows exact tokens', async () => {
    await page.goto(`/usage?key=${key}&range=1h`);
    const row = page.getByRole('table', { name: 'Usage by key' }).getByRole('row', { name: new RegExp(`^${key} `) });
    await expect(row.getByRole('cell', { name: '5', exact: true })).toBeVisible({ timeout: 15_000 });
    await expect(row.getByRole('cell', { name: sum(usages, 'prompt_tokens'), exact: true })).toBeVisible();
    await expect(row.getByRole('cell', { name: sum(usages, 'completion_tokens'), exact: true })).toBeVisible();
  });

  await test.step('the revoked key is refused within a second', async () => {
    await page.goto(`/virtual-keys/${key}`);
    await page.getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('button', { name: 'Revoke key' })).toBeDisabled();
    await dialog.getByLabel(`Type ${key} to confirm`).fill(key);
    await dialog.getByRole('button', { name: 'Revoke key' }).click();
    await expect(dialog).toBeHidden();
    await statusWithin(LIVE_WITHIN_MS, 401, send);
    await expect(page.getByText('revoked', { exact: true })).toBeVisible();
  });
});
