import { expect, test } from './support/fixtures.ts';

const scheme = 'document.documentElement.getAttribute("data-mantine-color-scheme")';

test.describe('when the system is dark', () => {
  test.use({ colorScheme: 'dark' });

  test('the console follows, until light is chosen, which stays', async ({ ownerPage: page }) => {
    await page.goto('/');
    await expect.poll(() => page.evaluate(scheme)).toBe('dark');
    await page.getByRole('button', { name: 'Colour scheme' }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await expect.poll(() => page.evaluate(scheme)).toBe('light');
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
    expect(await page.evaluate(scheme)).toBe('light');
  });
});

test('a page that does not exist says so and leads back', async ({ ownerPage: page }) => {
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the overview' }).click();
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
});

test('a list that cannot be loaded offers to try again', async ({ ownerPage: page, guard }) => {
  guard.expectRefusal(/^GET \/api\/v1\/quotas 503$/);
  let failing = true;
  await page.route('**/api/v1/quotas?*', (route) =>
    failing ? route.fulfill({ status: 503, json: { message: 'The database is away.' } }) : route.fallback(),
  );
  await page.goto('/quotas');
  const alert = page.getByRole('alert').filter({ hasText: 'The database is away.' });
  await expect(alert).toBeVisible({ timeout: 15_000 });
  failing = false;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(
    page.getByRole('textbox', { name: 'Search quotas' }).or(page.getByRole('searchbox', { name: 'Search quotas' })),
  ).toBeVisible();
});
