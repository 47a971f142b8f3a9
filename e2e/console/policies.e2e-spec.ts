import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, uniqueName } from './support/fixtures.ts';
import { choose } from './support/form.ts';
import { chat, statusWithin } from './support/gateway-calls.ts';
import { createKey } from './support/keys.ts';

// Each of them fills in whole forms.
test.describe.configure({ timeout: 90_000 });

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** How soon a change made in the console has to hold at the gateway. */
const LIVE_WITHIN_MS = 1000;

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

async function createProxy(page: Page, name: string): Promise<void> {
  await page.goto('/proxies/new');
  await page.getByLabel('Display name').fill(name);
  await page.getByLabel('Context').fill(`/${name}`);
  await choose(page, page, 'Primary provider', /^simulated /);
  await page.getByRole('button', { name: 'Create proxy' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Proxy ${name} was created.` })).toBeVisible();
}

async function addPolicy(page: Page, search: string, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Add a policy', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a policy' });
  await dialog.getByRole('searchbox', { name: 'Search policies' }).fill(search);
  await dialog.getByRole('button', { name }).click();
  await expect(dialog).toBeHidden();
}

test('a guardrail that is added by a form is enforced at the gateway, until it is removed', async ({
  ownerPage: page,
  ready,
}) => {
  const proxy = uniqueName('guarded');
  await createProxy(page, proxy);
  const secret = await createKey(page, uniqueName('guarded-key'));
  const send = () => chat(`${ready.gateway}/${proxy}`, secret, 'simulated-chat');
  await statusWithin(LIVE_WITHIN_MS, 200, send);

  await page.goto(`/proxies/${proxy}`);
  await expect(page.getByText('None: requests go through this proxy as they are.')).toBeVisible();
  await addPolicy(page, 'regular expression', /regex-guardrail/);
  const policy = page.getByRole('group', { name: 'Policy 1: Regular expression' });
  await policy.getByRole('switch', { name: 'Request' }).press('Space');
  await policy.getByRole('textbox', { name: 'Regex' }).fill('(?i)how much WATER');
  await policy.getByRole('switch', { name: /^Invert/ }).press('Space');
  await policy.getByRole('switch', { name: /^Show assessment/ }).press('Space');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Proxy ${proxy} was saved.` })).toBeVisible();
  await statusWithin(LIVE_WITHIN_MS, 422, send);
  expect(await (await send()).json()).toMatchObject({ type: 'REGEX_GUARDRAIL' });

  await page.goto(`/proxies/${proxy}`);
  await expect(policy).toContainText('Request: regex (?i)how much WATER, invert yes, show assessment yes');
  await policy.getByRole('button', { name: /^1 ?Regular expression/ }).click();
  await expect(policy.getByRole('textbox', { name: 'Regex' })).toHaveValue('(?i)how much WATER');
  await policy.getByRole('button', { name: 'Remove regular expression, number 1' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Proxy ${proxy} was saved.` })).toBeVisible();
  await statusWithin(LIVE_WITHIN_MS, 200, send);
});

test('what only the server finds wrong stands at its field', async ({ ownerPage: page, guard }) => {
  const proxy = uniqueName('refused');
  await createProxy(page, proxy);
  guard.expectRefusal(new RegExp(`^PUT /api/v1/llm-proxies/${proxy} 400$`));
  await page.goto(`/proxies/${proxy}`);
  await addPolicy(page, 'regex', /regex-guardrail/);
  const policy = page.getByRole('group', { name: 'Policy 1: Regular expression' });
  await policy.getByRole('switch', { name: 'Request' }).press('Space');
  const regex = policy.getByRole('textbox', { name: 'Regex' });
  await regex.fill('(?=never)');
  await policy.getByRole('textbox', { name: 'Runs where' }).fill('request.Method ==');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(regex).toHaveAttribute('aria-invalid', 'true');
  await expect(regex).toBeFocused();
  await expect(policy.getByRole('textbox', { name: 'Runs where' })).toHaveAttribute('aria-invalid', 'true');
});

test('policies are put in order with the keyboard alone', async ({ ownerPage: page }) => {
  const proxy = uniqueName('ordered');
  await createProxy(page, proxy);
  await page.goto(`/proxies/${proxy}`);
  await addPolicy(page, 'log', /log-message/);
  await addPolicy(page, 'size', /request-size/);
  const second = page.getByRole('group', { name: 'Policy 2: Size of requests' });
  await second.getByRole('textbox', { name: 'Max bytes' }).fill('100000');
  await second.getByRole('button', { name: 'Move size of requests, number 2 up' }).press('Enter');
  const up = page.getByRole('button', { name: 'Move size of requests, number 1 up' });
  await expect(up).toBeFocused();
  await expect(page.getByText('Size of requests is now number 1 of 2.')).toBeAttached();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Proxy ${proxy} was saved.` })).toBeVisible();
  await page.goto(`/proxies/${proxy}`);
  await expect(page.getByRole('group', { name: 'Policy 1: Size of requests' })).toContainText('Max bytes: 100000');
  await expect(page.getByRole('group', { name: 'Policy 2: Log' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('the catalogue and the forms of policies have no accessibility violations', async ({ ownerPage: page }) => {
      await page.goto('/proxies/new');
      await page.getByRole('button', { name: 'Add a policy', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'Add a policy' })).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('button', { name: 'Add a policy', exact: true })).toBeFocused();
      for (const name of [
        'regex-guardrail',
        'llm-header-router',
        'prompt-decorator',
        'json-schema-guardrail',
        'cors',
      ]) {
        await addPolicy(page, name, new RegExp(name));
      }
      await page.getByRole('switch', { name: 'Request' }).first().press('Space');
      await page.getByRole('button', { name: 'Create proxy' }).click();
      await expect(page.getByText('is required').first()).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    });
  });
}

test('the page of a policy tells its parameters, and the list is searched', async ({ ownerPage: page }) => {
  await page.goto('/policies');
  await page.getByRole('searchbox', { name: 'Search policies' }).fill('weighted');
  await expect(page.getByRole('link', { name: 'Regular expression' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Weighted round robin' }).click();
  const table = page.getByRole('table', { name: 'Parameters' });
  const weight = table.getByRole('row', { name: /^models\[\]\.weight / });
  await expect(weight).toContainText('whole number, 1 to 1,000');
  await expect(weight).toContainText('required');
});

test('what would become of a request is explained', async ({ ownerPage: page }) => {
  const proxy = uniqueName('explained');
  await createProxy(page, proxy);
  await page.goto(`/proxies/${proxy}`);
  await addPolicy(page, 'size', /request-size/);
  await page.getByRole('textbox', { name: 'Max bytes' }).fill('100000');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('status').filter({ hasText: `Proxy ${proxy} was saved.` })).toBeVisible();
  await page.goto(`/proxies/${proxy}`);
  await page.getByRole('link', { name: 'Explain a request' }).click();
  await expect(page.getByRole('combobox', { name: 'Path' })).toHaveValue(`/${proxy}/v1/chat/completions`);
  await page.getByRole('combobox', { name: 'Model' }).fill('simulated-chat');
  await page.getByRole('textbox', { name: 'Headers' }).fill('x-tier: gold');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  const answer = page.getByRole('region', { name: 'Answer' });
  await expect(answer.getByRole('status')).toContainText('It would be admitted');
  await expect(answer.getByRole('row', { name: /^request-size global yes/ })).toBeVisible();
  await expect(answer.getByRole('row', { name: /^simulated\/simulated-chat / })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
});
