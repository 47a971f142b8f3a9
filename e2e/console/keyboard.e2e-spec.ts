import { expect, test, uniqueName } from './support/fixtures.ts';

test('the palette leads to pages and keys', async ({ ownerPage: page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  const search = page.getByRole('textbox', { name: 'Search pages and keys' });
  await search.fill('audit');
  await expect(page.getByRole('button', { name: /Audit log/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Audit log', level: 1 })).toBeVisible();
});

test('a key is created with the keyboard alone', async ({ ownerPage: page }) => {
  const name = uniqueName('typed');
  await page.goto('/virtual-keys');
  await page.getByRole('button', { name: 'New virtual key' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'New virtual key' })).toBeVisible();
  const field = page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true });
  await expect(field).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Secret' })).toBeVisible();
  const stored = page.getByLabel('I have stored it');
  const done = page.getByRole('button', { name: 'Done', exact: true });
  await stored.focus();
  await page.keyboard.press('Space');
  await expect(stored).toBeChecked();
  await expect(done).toBeEnabled();
  await page.keyboard.press('Tab');
  await expect(done).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'is ready' })).toBeHidden();
  await expect(page.getByRole('link', { name })).toBeVisible();
});

test('the first stop of the keyboard skips to the content', async ({ ownerPage: page }) => {
  await page.goto('/teams');
  await expect(page.getByRole('heading', { name: 'Teams', level: 1 })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
});
