import type { Page } from '@playwright/test';
import { expect, test, uniqueName } from './support/fixtures.ts';
import { chat, statusWithin } from './support/gateway-calls.ts';

async function takeSecret(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog', { name: 'is ready' });
  const secret = (await dialog.getByRole('region', { name: 'Secret' }).textContent()) ?? '';
  await dialog.getByLabel('I have stored it').check();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
  return secret;
}

test('a rotated key works with both secrets for a while', async ({ ownerPage: page, ready }) => {
  const name = uniqueName('rotated');
  await page.goto('/virtual-keys?create=1');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  const first = await takeSecret(page);

  await page.goto(`/virtual-keys/${name}`);
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate key' }).click();
  const second = await takeSecret(page);
  expect(second).not.toBe(first);
  for (const secret of [first, second]) await statusWithin(1000, 200, () => chat(ready.gateway, secret, 'demo'));
  await expect(page.getByText('Old secret until')).toBeVisible();
});

test('a disabled key is refused until it is enabled again', async ({ ownerPage: page, ready }) => {
  const name = uniqueName('paused');
  await page.goto('/virtual-keys?create=1');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await takeSecret(page);
  const send = () => chat(ready.gateway, secret, 'demo');

  await page.goto(`/virtual-keys/${name}`);
  const enabled = page.getByRole('switch', { name: 'Enabled' });
  for (const status of [401, 200]) {
    await enabled.setChecked(status === 200);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByText(status === 200 ? 'active' : 'disabled', { exact: true })).toBeVisible();
    await statusWithin(1000, status, send);
  }
});

test('the snippets are filled with the gateway’s address', async ({ ownerPage: page, ready }) => {
  await page.goto('/virtual-keys/demo');
  for (const client of ['curl', 'Python', 'Node', 'Claude Code', 'Codex']) {
    await page.getByRole('tab', { name: client, exact: true }).click();
    const snippet = page.getByRole('region', { name: `${client} snippet` });
    await expect(snippet).toContainText('$PENSTOCK_KEY');
    await expect(snippet).toContainText(ready.gateway);
  }
});
