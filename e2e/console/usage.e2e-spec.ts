import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test, uniqueName } from './support/fixtures.ts';
import { completedChat } from './support/gateway-calls.ts';
import { createKey } from './support/keys.ts';

async function download(page: Page, link: string): Promise<string[]> {
  const started = page.waitForEvent('download');
  await page.getByRole('link', { name: link }).click();
  const file = await (await started).path();
  return (await readFile(file, 'utf8')).trimEnd().split('\r\n');
}

test('usage by user is shown, opened down to one request, and exported', async ({ ownerPage: page, ready }) => {
  test.setTimeout(60_000);
  const key = uniqueName('shared');
  const users = [uniqueName('ada'), uniqueName('grace')] as const;
  const secret = await createKey(page, key);
  for (const user of [users[0], users[0], users[1]]) await completedChat(ready.gateway, secret, 'demo', user);

  await page.goto(`/usage?key=${key}&range=1h&groupBy=user`);
  const table = page.getByRole('table', { name: 'Usage by user' });
  await expect(table.getByRole('row', { name: new RegExp(`^${users[0]} 2 `) })).toBeVisible({ timeout: 20_000 });
  await expect(table.getByRole('row', { name: new RegExp(`^${users[1]} 1 `) })).toBeVisible({ timeout: 20_000 });

  await test.step('with percentiles where they are asked for', async () => {
    await page.getByRole('button', { name: 'Show percentiles' }).click();
    const latency = page.getByRole('table', { name: 'Latency by user' });
    await expect(latency.getByRole('row', { name: new RegExp(`^${users[0]} .* m?s`) })).toBeVisible();
  });

  await test.step('in another time zone', async () => {
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.click();
    await zone.fill('Kathmandu');
    await page.getByRole('option', { name: 'Asia/Kathmandu' }).click();
    await expect(page.getByText('by the calendar of Asia/Kathmandu')).toBeVisible();
    await expect(table.getByRole('row', { name: new RegExp(`^${users[0]} 2 `) })).toBeVisible();
  });

  await test.step('as CSV of one user, and as FOCUS', async () => {
    await page.getByRole('button', { name: users[1] }).click();
    await expect(page.getByRole('button', { name: `Remove filter user ${users[1]}` })).toBeVisible();
    const rows = await download(page, 'Export CSV');
    expect(rows.filter((row) => row.includes(users[1]))).toHaveLength(1);
    expect(rows.filter((row) => row.includes(users[0]))).toHaveLength(0);
    const focus = await download(page, 'FOCUS export');
    expect(focus[0]).toContain('BilledCost');
  });

  await test.step('and each request by itself', async () => {
    await page.getByRole('navigation', { name: 'Usage' }).getByRole('link', { name: 'Requests' }).click();
    const requests = page.getByRole('table', { name: 'Requests' });
    await expect(requests.getByRole('row', { name: new RegExp(users[1]) })).toHaveCount(1);
    await requests.getByRole('button', { name: /^Details of request/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Request' });
    await expect(drawer).toContainText(users[1]);
    await expect(drawer.getByRole('region', { name: 'Tokens' })).toContainText('reported by the upstream');
  });
});

test('the books are checked on demand', async ({ ownerPage: page }) => {
  await page.goto('/usage/books');
  await page.getByRole('button', { name: 'Check now' }).first().click();
  await expect(page.getByRole('status').filter({ hasText: /^The books (agree|differ)\.$/ })).toBeVisible();
  await expect(page.getByText(/^Checked just now/)).toBeVisible();
  await expect(page.getByRole('group', { name: 'Ledgers checked' })).toBeVisible();
});
