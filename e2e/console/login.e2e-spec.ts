import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';

async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('a deep link leads through the login and back', async ({ page, ready }) => {
  await page.goto('/usage?range=7d&groupBy=model');
  await expect(page.getByRole('heading', { name: 'Log in to Penstock' })).toBeVisible();
  await logIn(page, ready.adminEmail, ready.adminPassword);
  await expect(page.getByRole('heading', { name: 'Usage', level: 1 })).toBeVisible();
  expect(new URL(page.url()).search).toBe('?range=7d&groupBy=model');
});

test('a wrong password is refused in words, and the password is cleared', async ({ page, ready, guard }) => {
  guard.expectRefusal(/^POST \/api\/v1\/auth\/login 401$/);
  await page.goto('/login');
  await logIn(page, ready.adminEmail, 'not the password');
  await expect(page.getByRole('alert')).toContainText('Email or password is wrong.');
  await expect(page.getByRole('textbox', { name: 'Password' })).toHaveValue('');
  await expect(page.getByLabel('Email')).toHaveValue(ready.adminEmail);
});

test('guessing is slowed down, and the page says so', async ({ page, guard }) => {
  guard.expectRefusal(/^POST \/api\/v1\/auth\/login (401|429)$/);
  await page.goto('/login');
  const alert = page.getByRole('alert');
  await expect(async () => {
    await logIn(page, 'nobody@penstock.local', 'a guess');
    await expect(alert).toContainText('Too many failed attempts', { timeout: 1000 });
  }).toPass({ timeout: 25_000, intervals: [0] });
});

test('an empty form is not sent', async ({ page }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
});

test('logging out ends the session', async ({ ownerPage }) => {
  await ownerPage.goto('/providers');
  await ownerPage.getByRole('button', { name: /^Account of/ }).click();
  await ownerPage.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(ownerPage.getByRole('heading', { name: 'Log in to Penstock' })).toBeVisible();
  await ownerPage.goto('/quotas');
  await expect(ownerPage.getByRole('heading', { name: 'Log in to Penstock' })).toBeVisible();
});
