import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
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

    test('the dialog for a new key has no accessibility violations', async ({ ownerPage: page }) => {
      await page.goto('/virtual-keys?create=1');
      await expect(
        page.getByRole('dialog', { name: 'New virtual key' }).getByRole('textbox', { name: 'Name', exact: true }),
      ).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    });
  });
}
