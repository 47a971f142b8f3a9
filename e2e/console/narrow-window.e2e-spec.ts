import { expect, test } from './support/fixtures.ts';
import { PAGES } from './support/pages.ts';

test.use({ viewport: { width: 390, height: 800 } });

test('no page is wider than a telephone', async ({ ownerPage: page }) => {
  test.setTimeout(60_000);
  const tooWide: string[] = [];
  for (const { path, heading } of PAGES) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (overflow !== 0) tooWide.push(`${path} by ${String(overflow)} pixels`);
  }
  expect(tooWide).toEqual([]);
});

test('the pages are reached through the menu', async ({ ownerPage: page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Open navigation' }).click();
  await page.getByRole('link', { name: 'Quotas' }).click();
  await expect(page.getByRole('heading', { name: 'Quotas', level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Quotas' })).toBeHidden();
});
