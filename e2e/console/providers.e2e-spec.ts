import { expect, test, uniqueName } from './support/fixtures.ts';
import { choose } from './support/form.ts';

test('a provider that a proxy uses is not deleted, and the proxy is named', async ({ ownerPage: page, guard }) => {
  guard.expectRefusal(/^DELETE \/api\/v1\/llm-providers\/simulated 409$/);
  await page.goto('/providers/simulated');
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete provider simulated' });
  await dialog.getByRole('button', { name: 'Delete provider' }).click();
  await expect(dialog.getByRole('alert')).toContainText('default');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
});

test('a saved provider is tested from the list', async ({ ownerPage: page }) => {
  await page.goto('/providers');
  await page.getByRole('button', { name: 'Actions for simulated', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Test connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connection test of simulated' });
  await expect(dialog.getByText('Connected')).toBeVisible();
});

test('a connection that fails says why', async ({ ownerPage: page }) => {
  await page.goto('/providers/new');
  await choose(page, page, 'Template', 'vLLM');
  await page.getByLabel('Base URL').fill('http://127.0.0.1:9/v1');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('Nothing answers at this address')).toBeVisible();
});

test('a stored credential is kept when its field is left empty, and never shown', async ({
  ownerPage: page,
  ready,
}) => {
  const name = uniqueName('secretive');
  const credential = 'sk-console-test-0123456789abcdef';
  await page.goto('/providers/new');
  await choose(page, page, 'Template', 'OpenAI compatible');
  await page.getByLabel('Display name').fill(name);
  await page.getByLabel('Base URL').fill(`${ready.simulatedUpstream}/v1`);
  await choose(page, page, 'Authentication', 'API key');
  await page.getByRole('textbox', { name: 'Credential', exact: true }).fill(credential);
  await page.getByRole('button', { name: 'Create provider' }).click();
  await expect(page.getByRole('heading', { name: 'Providers', level: 1 })).toBeVisible();

  const answers: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/v1/llm-providers')) answers.push(await response.text().catch(() => ''));
  });
  await page.goto(`/providers/${name}`);
  await expect(page.getByText('Ends in cdef. Leave empty to keep it.')).toBeVisible();
  await page.getByLabel('Display name').fill(`${name} renamed`);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'was saved' })).toBeVisible();
  await page.goto(`/providers/${name}`);
  await expect(page.getByRole('heading', { name: `${name} renamed` })).toBeVisible();
  await expect(page.getByText('Ends in cdef. Leave empty to keep it.')).toBeVisible();
  expect(answers.length).toBeGreaterThan(1);
  expect(answers.join('\n')).not.toContain(credential);
});

test('a name that is taken is refused in words, and nothing typed is lost', async ({
  ownerPage: page,
  guard,
  ready,
}) => {
  guard.expectRefusal(/^POST \/api\/v1\/llm-providers 409$/);
  await page.goto('/providers/new');
  await choose(page, page, 'Template', 'vLLM');
  await page.getByLabel('Display name').fill('Simulated');
  await page.getByLabel('Base URL').fill(`${ready.simulatedUpstream}/v1`);
  await page.getByRole('button', { name: 'Create provider' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'exists already' })).toBeVisible();
  await expect(page.getByLabel('Base URL')).toHaveValue(`${ready.simulatedUpstream}/v1`);
});

test('what the server refuses stands at its field', async ({ ownerPage: page, guard }) => {
  guard.expectRefusal(/^POST \/api\/v1\/llm-proxies 409$/);
  await page.goto('/proxies/new');
  await page.getByLabel('Display name').fill(uniqueName('second root'));
  await choose(page, page, 'Primary provider', /^simulated /);
  await page.getByRole('button', { name: 'Create proxy' }).click();
  const context = page.getByRole('textbox', { name: 'Context' });
  await expect(context).toHaveAttribute('aria-invalid', 'true');
  await expect(context).toBeFocused();
});
