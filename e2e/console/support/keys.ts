import { expect, type Page } from '@playwright/test';
import { choose } from './form.ts';

/** Creates a key in the console, with these quotas, and returns its secret. */
export async function createKey(page: Page, name: string, quotas: readonly string[] = []): Promise<string> {
  await page.goto('/virtual-keys?create=1');
  const dialog = page.getByRole('dialog', { name: 'New virtual key' });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  if (quotas.length > 0) await dialog.getByRole('button', { name: /^Advanced/ }).click();
  for (const quota of quotas) await choose(page, dialog, 'Quotas', new RegExp(`^${quota}`));
  if (quotas.length > 0) await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const ready = page.getByRole('dialog', { name: 'is ready' });
  const secret = (await ready.getByRole('region', { name: 'Secret' }).textContent()) ?? '';
  await ready.getByLabel('I have stored it').check();
  await ready.getByRole('button', { name: 'Done' }).click();
  await expect(ready).toBeHidden();
  return secret;
}
