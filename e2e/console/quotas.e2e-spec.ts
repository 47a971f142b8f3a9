import { expect, test, uniqueName } from './support/fixtures.ts';
import { choose } from './support/form.ts';

test('a quota is typed in dollars and limits a team', async ({ ownerPage: page }) => {
  const quota = uniqueName('budget');
  const team = uniqueName('team');
  await page.goto('/quotas/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(quota);
  const limit = page.getByRole('group', { name: 'Limit 1' });
  await choose(page, limit, 'Unit', 'Cost (USD)');
  await expect(limit.getByRole('combobox', { name: 'Window' })).toHaveValue('per month');
  await limit.getByLabel('Amount').fill('12.5');
  await page.getByRole('button', { name: 'Create quota' }).click();
  await expect(page.getByRole('row', { name: new RegExp(quota) })).toContainText('$12.50 a month');

  await page.goto('/teams');
  await page.getByRole('button', { name: 'New team' }).click();
  const dialog = page.getByRole('dialog', { name: 'New team' });
  await dialog.getByLabel('Display name').fill(team);
  await choose(page, dialog, 'Quotas', new RegExp(quota));
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByRole('row', { name: new RegExp(team) })).toContainText(quota);
});

test('a quota that is attached is not deleted', async ({ ownerPage: page, guard }) => {
  guard.expectRefusal(/^DELETE \/api\/v1\/quotas\/\S+ 409$/);
  const quota = uniqueName('attached');
  await page.goto('/quotas/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(quota);
  await page.getByRole('group', { name: 'Limit 1' }).getByLabel('Amount').fill('60');
  await page.getByRole('button', { name: 'Create quota' }).click();
  await page.goto('/teams');
  await page.getByRole('button', { name: 'New team' }).click();
  const dialog = page.getByRole('dialog', { name: 'New team' });
  await dialog.getByLabel('Display name').fill(uniqueName('owner'));
  await choose(page, dialog, 'Quotas', new RegExp(quota));
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Create team' }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`/quotas/${quota}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog', { name: `Delete quota ${quota}` });
  await question.getByRole('button', { name: 'Delete quota' }).click();
  await expect(question.getByRole('alert')).toContainText('Team');
});
