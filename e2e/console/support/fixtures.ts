import { expect, test as base, type Page } from '@playwright/test';
import { PageGuard } from './page-guard.ts';
import { readReady, type Ready } from './ready.ts';

interface Fixtures {
  readonly ready: Ready;
  /** Watches the test's page; a problem fails the test when it ends. */
  readonly guard: PageGuard;
  /** The test's page, watched and logged in as the owner. */
  readonly ownerPage: Page;
}

/** Playwright's `test` with a watched page. */
export const test = base.extend<Fixtures>({
  // Playwright reads the names of the fixtures it needs from this pattern.
  // oxlint-disable-next-line no-empty-pattern
  ready: async ({}, use) => use(readReady()),
  guard: [
    async ({ page, ready }, use) => {
      const guard = new PageGuard(page, new URL(ready.console).origin);
      await use(guard);
      expect(guard.problems).toEqual([]);
    },
    { auto: true },
  ],
  ownerPage: async ({ page, ready, guard: _guard }, use) => {
    const login = await page.request.post(`${ready.console}/api/v1/auth/login`, {
      headers: { origin: new URL(ready.console).origin },
      data: { email: ready.adminEmail, password: ready.adminPassword },
    });
    expect(login.status()).toBe(200);
    await use(page);
  },
});

export { expect };

/** A name that no other run has used. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${Date.now().toString(36)}`;
}
