import { expect, test, uniqueName } from './support/fixtures.ts';
import { choose } from './support/form.ts';
import { completedChat } from './support/gateway-calls.ts';
import { createKey } from './support/keys.ts';

test('a rolling budget with alert thresholds is created with the keyboard alone', async ({ ownerPage: page }) => {
  const name = uniqueName('typed-budget');
  const { keyboard } = page;
  await page.goto('/quotas/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).focus();
  await keyboard.type(name);
  const limit = page.getByRole('group', { name: 'Limit 1' });
  const pick = async (label: string, option: string) => {
    await limit.getByRole('combobox', { name: label }).focus();
    await keyboard.press('Enter');
    const wanted = page.getByRole('option', { name: option, exact: true });
    await expect(wanted).toBeVisible();
    await expect(async () => {
      await keyboard.press('ArrowDown');
      await expect(wanted).toHaveAttribute('data-combobox-selected', 'true', { timeout: 100 });
    }).toPass({ intervals: [0] });
    await keyboard.press('Enter');
    await expect(limit.getByRole('combobox', { name: label })).toHaveValue(option);
  };
  await pick('Unit', 'Cost (USD)');
  await keyboard.press('Tab');
  await expect(limit.getByLabel('Amount')).toBeFocused();
  await keyboard.type('12.5');
  await pick('Alignment', 'Rolling');
  await limit.getByRole('combobox', { name: 'Alert at' }).focus();
  for (const percent of ['50%', '80%']) {
    await keyboard.type(percent);
    await keyboard.press('Enter');
  }
  await expect(limit).toContainText('Admits $12.50 in any 30 days');
  await expect(limit).toContainText('an alert is sent at 50%, 80%');
  await page.getByRole('button', { name: 'Create quota' }).focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('$12.50 in any 30 days');
  await page.getByRole('link', { name }).click();
  await expect(page.getByRole('group', { name: 'Limit 1' })).toContainText('80%');
});

test('a quota of the organization shows what a request has used of it', async ({ ownerPage: page, ready }) => {
  test.setTimeout(90_000);
  const quota = uniqueName('everything');
  await page.goto('/quotas/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(quota);
  const limit = page.getByRole('group', { name: 'Limit 1' });
  await limit.getByLabel('Amount').fill('100000');
  await choose(page, limit, 'Window', 'per day');
  await page.getByRole('button', { name: 'Create quota' }).click();
  await expect(page.getByRole('row', { name: new RegExp(quota) })).toBeVisible();

  await page.goto('/settings/organization');
  await choose(page, page, 'Quotas', new RegExp(`^${quota}`));
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The organization was saved.' })).toBeVisible();
  const bar = page.getByRole('group', { name: new RegExp(`^${quota}: 100K requests a day`) });
  await expect(bar).toContainText('0 used');

  const secret = await createKey(page, uniqueName('spender'));
  await expect(async () => {
    await completedChat(ready.gateway, secret, 'demo');
    await page.goto(`/quotas/${quota}`);
    const used = page.getByRole('region', { name: /^Organization / }).getByText(/^[1-9]\d* used, 99,\d+ left$/);
    await expect(used).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 15_000 });

  await page.goto('/settings/organization');
  await expect(bar).toContainText(/[1-9]\d* used/);
  await page.getByRole('combobox', { name: 'Quotas' }).focus();
  await page.keyboard.press('Backspace');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(bar).toHaveCount(0);
  await page.goto(`/quotas/${quota}`);
  await expect(page.getByText('This quota limits nothing yet.')).toBeVisible();
});

test('a quota for each key of a team shows at the key', async ({ ownerPage: page }) => {
  const quota = uniqueName('each');
  const team = uniqueName('crew');
  const key = uniqueName('member');
  await page.goto('/quotas/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(quota);
  await page.getByRole('group', { name: 'Limit 1' }).getByLabel('Amount').fill('60');
  await page.getByRole('button', { name: 'Create quota' }).click();
  await expect(page.getByRole('row', { name: new RegExp(quota) })).toBeVisible();
  await page.goto('/teams');
  await page.getByRole('button', { name: 'New team' }).click();
  const dialog = page.getByRole('dialog', { name: 'New team' });
  await dialog.getByLabel('Display name').fill(team);
  await choose(page, dialog, 'For each key of this team', new RegExp(`^${quota}`));
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Create team' }).click();
  await expect(dialog).toBeHidden();

  await page.goto('/virtual-keys?create=1');
  const keyDialog = page.getByRole('dialog', { name: 'New virtual key' });
  await keyDialog.getByRole('textbox', { name: 'Name', exact: true }).fill(key);
  await choose(page, keyDialog, 'Team', team);
  await keyDialog.getByRole('button', { name: 'Create key' }).click();
  await page.getByLabel('I have stored it').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.goto(`/virtual-keys/${key}`);
  await expect(page.getByRole('group', { name: new RegExp(`^${quota}: 60 requests a minute`) })).toContainText(
    '0 used',
  );
});
