import { expect, test, uniqueName } from './support/fixtures.ts';
import { completedChat } from './support/gateway-calls.ts';
import { createKey } from './support/keys.ts';

test('the catalog is searched and narrowed', async ({ ownerPage: page }) => {
  await page.goto('/price-catalog');
  await expect(page.getByText('built in', { exact: true })).toBeVisible();
  const table = page.getByRole('table', { name: 'Catalog' });
  await page.getByRole('searchbox', { name: 'Search models' }).fill('claude');
  await expect(page).toHaveURL(/q=claude/);
  await expect(table.getByRole('row').nth(1)).toContainText('claude');
  const template = page.getByRole('combobox', { name: 'Template' });
  await template.click();
  await template.fill('Anthropic');
  await page.getByRole('option', { name: 'Anthropic', exact: true }).click();
  await expect(page).toHaveURL(/template=anthropic/);
  await expect(table.getByRole('row').nth(1)).toContainText('claude');
  await page.getByRole('searchbox', { name: 'Search models' }).fill('no-such-model');
  await expect(page.getByText('The catalog has no such model.')).toBeVisible();
});

test('a damaged catalog is refused in words, and another one takes its place and goes again', async ({
  ownerPage: page,
  guard,
}) => {
  guard.expectRefusal(/^PUT \/api\/v1\/price-catalog 400$/);
  await page.goto('/price-catalog');
  const input = page.locator('input[type=file]');
  const upload = (catalog: object) =>
    input.setInputFiles({
      name: 'prices.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(catalog)),
    });
  await upload({ source: 'nothing' });
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
  const source = uniqueName('prices of our own');
  const price = { inputPerMillion: 1_000_000, outputPerMillion: 2_000_000 };
  await upload({
    source,
    license: 'MIT',
    date: '2026-11-01',
    sourceSha256: 'a'.repeat(64),
    templates: { openai: { 'our-own-model': price } },
  });
  await expect(page.getByText('uploaded', { exact: true })).toBeVisible();
  await expect(page.getByText(source)).toBeVisible();
  await expect(page.getByRole('table', { name: 'Catalog' }).getByRole('row', { name: /our-own-model/ })).toContainText(
    '$2.00',
  );
  await page.getByRole('button', { name: 'Back to the built-in' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use the built-in catalog' }).click();
  await expect(page.getByText('built in', { exact: true })).toBeVisible();
});

test('a model without a price gets one, and its requests a cost', async ({ ownerPage: page, ready }) => {
  test.setTimeout(60_000);
  const key = uniqueName('priced');
  const secret = await createKey(page, key);
  await completedChat(ready.gateway, secret, 'demo');
  const set = page.getByRole('link', { name: 'Set a price for simulated-chat of simulated' });
  await expect(async () => {
    await page.goto('/unpriced-models');
    await expect(set).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  await set.click();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('simulated-simulated-chat');
  await page.getByRole('textbox', { name: 'Input', exact: true }).fill('1');
  await page.getByRole('textbox', { name: 'Output', exact: true }).fill('2');
  await page.getByRole('button', { name: 'Create price' }).click();
  await expect(page.getByRole('row', { name: /simulated-simulated-chat/ })).toBeVisible();
  await expect(async () => {
    await completedChat(ready.gateway, secret, 'demo');
    await page.goto(`/usage/requests?key=${key}&range=1h`);
    const table = page.getByRole('table', { name: 'Requests' });
    await expect(table.getByRole('row').nth(1)).toContainText('$', { timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  await page.goto('/model-prices/simulated-simulated-chat');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete price' }).click();
  await expect(page.getByRole('heading', { name: 'Model prices', level: 1 })).toBeVisible();
});
