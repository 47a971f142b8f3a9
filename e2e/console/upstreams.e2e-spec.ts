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

async function done(page: Page, message: string): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: message })).toBeVisible();
}

/** A provider with two servers, of which the second is the simulated upstream too. */
async function createProvider(page: Page, name: string, upstream: string): Promise<void> {
  await page.goto('/providers/new');
  await choose(page, page, 'Template', 'OpenAI compatible');
  await page.getByLabel('Display name').fill(name);
  await page.getByLabel('Base URL').fill(upstream);
  await choose(page, page, 'Servers', /^Several/);
  const definition = page.getByRole('group', { name: 'Upstream definition 1' });
  await definition.getByRole('textbox', { name: 'Definition name' }).fill('both');
  await expect(page.getByRole('combobox', { name: 'Definition', exact: true })).toHaveValue('both');
  await definition.getByRole('textbox', { name: 'Base path' }).fill('/v1');
  await definition.getByRole('textbox', { name: 'Connect timeout' }).fill('2s');
  await definition.getByRole('button', { name: 'Add a server' }).press('Enter');
  const second = definition.getByRole('group', { name: 'Server 2 of definition 1' });
  await second.getByRole('textbox', { name: 'URL' }).fill(upstream);
  await second.getByRole('textbox', { name: 'Weight' }).fill('20');
  await choose(page, page, 'Host header', 'The server’s own');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('Connected')).toBeVisible();
  await page.getByRole('button', { name: 'Create provider' }).click();
  await done(page, `Provider ${name} was created.`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('G7: a proxy shows a provider a value, translates for another, and both come back', async ({
      ownerPage: page,
      ready,
    }) => {
      const provider = uniqueName('two-servers');
      await createProvider(page, provider, ready.simulatedUpstream);
      await page.goto(`/providers/${provider}`);
      const second = page.getByRole('group', { name: 'Server 2 of definition 1' });
      await expect(second.getByRole('textbox', { name: 'Weight' })).toHaveValue('20');
      expect(await violationsOf(page)).toEqual([]);

      const proxy = uniqueName('translating');
      await page.goto('/proxies/new');
      await page.getByLabel('Display name').fill(proxy);
      await page.getByLabel('Context').fill(`/${proxy}`);
      await choose(page, page, 'Primary provider', new RegExp(`^${provider} `));
      const primary = page.getByRole('group', { name: 'Primary provider' });
      await choose(page, primary, 'Shown to it', 'API key');
      await primary.getByRole('textbox', { name: 'Header' }).fill('X-API-Key');
      await primary.getByRole('textbox', { name: 'Value', exact: true }).fill('hop-secret-of-the-proxy');
      await page.getByRole('button', { name: 'Add a provider' }).click();
      const other = page.getByRole('group', { name: 'Additional provider 1' });
      await choose(page, other, 'Provider', /^simulated /);
      await other.getByRole('textbox', { name: 'Alias' }).fill('claude');
      await choose(page, other, 'Transformer', 'OpenAI to Anthropic');
      await other.getByRole('textbox', { name: 'Model' }).fill('claude-sonnet');
      await page.getByRole('textbox', { name: 'Total' }).fill('90s');
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Create proxy' }).click();
      await done(page, `Proxy ${proxy} was created.`);
      const secret = await createKey(page, uniqueName('translating-key'));
      await statusWithin(LIVE_WITHIN_MS, 200, () => chat(`${ready.gateway}/${proxy}`, secret, 'simulated-chat'));

      await page.goto(`/proxies/${proxy}`);
      await expect(primary.getByText('One is stored. Leave empty to keep it.')).toBeVisible();
      await expect(other.getByRole('textbox', { name: 'Model' })).toHaveValue('claude-sonnet');
      await page.getByLabel('Display name').fill(`${proxy} renamed`);
      await page.getByRole('button', { name: 'Save changes' }).click();
      await done(page, `Proxy ${proxy} was saved.`);
      await page.goto(`/proxies/${proxy}`);
      await expect(primary.getByText('One is stored. Leave empty to keep it.')).toBeVisible();
      await expect(other.getByRole('combobox', { name: 'Transformer', exact: true })).toHaveValue(
        'OpenAI to Anthropic',
      );
      await expect(page.getByRole('textbox', { name: 'Total' })).toHaveValue('90s');
      // Under another alias it would be another one's.
      await other.getByRole('textbox', { name: 'Alias' }).fill('other');
      await choose(page, other, 'Shown to it', 'API key');
      await expect(other.getByText(/^Stored encrypted and never shown again/)).toBeVisible();
      expect(await violationsOf(page)).toEqual([]);
    });
  });
}

test('what is wrong in the servers of a provider stands at its field', async ({ ownerPage: page }) => {
  await page.goto('/providers/new');
  await choose(page, page, 'Template', 'vLLM');
  await page.getByLabel('Display name').fill(uniqueName('wrong'));
  await choose(page, page, 'Servers', /^Several/);
  const url = page.getByRole('textbox', { name: 'URL' });
  await url.fill('ftp://files.example.com');
  await page.getByRole('button', { name: 'Create provider' }).click();
  await expect(url).toHaveAttribute('aria-invalid', 'true');
  await expect(url).toBeFocused();
  await url.fill('http://files.example.com');
  await page.getByRole('textbox', { name: 'Weight' }).fill('0');
  await page.getByRole('button', { name: 'Create provider' }).click();
  await expect(page.getByText('at least one must have a weight above 0')).toBeVisible();
});
