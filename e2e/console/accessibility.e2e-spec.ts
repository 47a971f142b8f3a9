import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { choose } from './support/form.ts';
import { PAGES } from './support/pages.ts';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('the login page has no accessibility violations', async ({ page }) => {
      await page.goto('/login');
      await expect(page.getByRole('heading', { name: 'Log in to Penstock' })).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    });

    for (const { path, heading } of PAGES) {
      test(`${path} has no accessibility violations`, async ({ ownerPage: page }) => {
        await page.goto(path);
        await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
        await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
        expect(await violationsOf(page)).toEqual([]);
      });
    }

    test('a quota with everything unfolded has no accessibility violations', async ({ ownerPage: page }) => {
      await page.goto('/quotas/new');
      const limit = page.getByRole('group', { name: 'Limit 1' });
      await choose(page, limit, 'Unit', 'Cost (USD)');
      await limit.getByLabel('Amount').fill('5');
      await limit.getByRole('button', { name: 'Advanced' }).click();
      await choose(page, limit, 'When a request does not fit', 'Send it to another model');
      await expect(limit.getByLabel('Model to send to')).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    });

    test('a price with a tier has no accessibility violations', async ({ ownerPage: page }) => {
      await page.goto('/model-prices/new');
      await page.getByRole('button', { name: /^Advanced/ }).click();
      await page.getByRole('button', { name: 'Add a tier' }).click();
      await expect(page.getByRole('group', { name: 'Tier 1' })).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    });

    test('the dialog for a new alert channel has no accessibility violations', async ({ ownerPage: page }) => {
      await page.goto('/alerts/channels?create=1');
      await expect(page.getByRole('dialog', { name: 'New alert channel' }).getByLabel('URL')).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    });

    test('the dialog for a new key has no accessibility violations', async ({ ownerPage: page }) => {
      await page.goto('/virtual-keys?create=1');
      await expect(
        page.getByRole('dialog', { name: 'New virtual key' }).getByRole('textbox', { name: 'Name', exact: true }),
      ).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    });
  });
}
