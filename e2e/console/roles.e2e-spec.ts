import { expect, test, uniqueName } from './support/fixtures.ts';
import { choose } from './support/form.ts';

test('a viewer reads everything and finds nothing to change', async ({ ownerPage: page }) => {
  const email = `${uniqueName('viewer')}@penstock.local`;
  const password = 'a password for viewers';
  await page.goto('/settings/users');
  await page.getByRole('button', { name: 'New user' }).click();
  const dialog = page.getByRole('dialog', { name: 'New user' });
  await dialog.getByRole('textbox', { name: 'Email' }).fill(email);
  await dialog.getByRole('textbox', { name: 'Display name' }).fill('Vera Viewer');
  await dialog.getByRole('textbox', { name: 'Password' }).fill(password);
  await choose(page, dialog, 'Role', /^Viewer/);
  await dialog.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByRole('row', { name: new RegExp(email) })).toContainText('viewer');

  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('heading', { name: 'For admins' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
  await page.goto('/providers');
  await expect(page.getByRole('link', { name: 'simulated', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'New provider' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Actions for/ })).toHaveCount(0);
  await page.goto('/virtual-keys');
  await expect(page.getByRole('link', { name: 'demo', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'New virtual key' })).toHaveCount(0);
});

test('an admin token is shown once and can be deleted', async ({ ownerPage: page, ready }) => {
  const name = uniqueName('pipeline');
  await page.goto('/settings/admin-tokens');
  await page.getByRole('button', { name: 'New admin token' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Create token' }).click();
  const token = await page.getByRole('region', { name: 'Token', exact: true }).textContent();
  expect(token).toMatch(/^pat_/);
  const ask = () => fetch(`${ready.console}/api/v1/teams`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask()).status).toBe(200);
  await page.getByLabel('I have stored it').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete token' }).click();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0);
  expect((await ask()).status).toBe(401);
});
