import { expect, test, uniqueName } from './support/fixtures.ts';

test('each gateway shows the newest revision as applied', async ({ ownerPage: page }) => {
  await page.goto('/config-revisions');
  const current = page.getByRole('row', { name: /current/ });
  await expect(current).toBeVisible();
  const revision = (await current.getByRole('cell').first().textContent())?.replace(/\D/g, '') ?? '';
  await page.goto('/gateway-instances');
  const gateway = page.getByRole('region', { name: /^Gateway / }).first();
  await expect(gateway.getByText('live', { exact: true })).toBeVisible();
  await expect(gateway.getByRole('definition').first()).toHaveText(revision.replace(/\B(?=(\d{3})+$)/g, ','));
});

test('a change is audited with the fields that it touched', async ({ ownerPage: page }) => {
  const team = uniqueName('audited');
  await page.goto('/teams');
  await page.getByRole('button', { name: 'New team' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Display name' }).fill(team);
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByRole('row', { name: new RegExp(team) })).toBeVisible();
  await page.goto(`/audit-log?resourceName=${team}`);
  await page.getByRole('button', { name: /^Details of create Team/ }).click();
  await expect(page.getByRole('table', { name: 'Changed fields' })).toContainText('spec.displayName');
});

test('a rollback makes a new revision with the old state', async ({ ownerPage: page }) => {
  await page.goto('/config-revisions');
  await expect(page.getByRole('row', { name: /current/ })).toBeVisible();
  const button = page.getByRole('button', { name: /^Roll back to revision/ }).first();
  const target = (await button.getAttribute('aria-label'))?.replace(/\D/g, '') ?? '';
  await button.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByRole('status').filter({ hasText: `has the state of revision ${target}.` })).toBeVisible();
  await expect(page.getByRole('row', { name: /current/ })).toContainText(`rollback to ${target}`);
});
