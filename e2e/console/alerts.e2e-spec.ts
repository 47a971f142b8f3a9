import { expect, test, uniqueName } from './support/fixtures.ts';
import { choose } from './support/form.ts';
import { completedChat } from './support/gateway-calls.ts';
import { createKey } from './support/keys.ts';
import { signatureOf, startWebhookReceiver } from './support/webhook-receiver.ts';

test('an alert reaches a webhook, signed, and the console shows it', async ({ ownerPage: page, ready }) => {
  test.setTimeout(90_000);
  const receiver = await startWebhookReceiver();
  try {
    const channel = uniqueName('hook');
    await page.goto('/alerts/channels');
    await page.getByRole('button', { name: 'New alert channel' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New alert channel' });
    await dialog.getByLabel('Display name').fill(channel);
    await dialog.getByLabel('URL').fill(receiver.url);
    await dialog.getByRole('button', { name: 'Create channel' }).click();
    const secret = (await page.getByRole('region', { name: 'Signing secret' }).textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);
    await page.getByLabel('I have stored it').check();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.reload();
    const row = page.getByRole('row', { name: new RegExp(channel) });
    await expect(row).toContainText('http://127.0.0.1');
    await expect(page.getByText(secret)).toHaveCount(0);

    await test.step('a test says that it was delivered', async () => {
      await page.getByRole('button', { name: `Actions for ${channel}` }).click();
      await page.getByRole('menuitem', { name: 'Send test' }).click();
      const result = page.getByRole('dialog', { name: `Test of ${channel}` });
      await expect(result).toContainText('Delivered');
      await result.getByRole('button', { name: 'Close' }).click();
      const call = receiver.calls[0];
      if (!call) throw new Error('The receiver got no test alert.');
      expect(call.headers['webhook-signature']).toBe(signatureOf(call, secret));
    });

    await test.step('a limit that is nearly used fires once', async () => {
      const quota = uniqueName('small');
      await page.goto('/quotas/new');
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill(quota);
      const limit = page.getByRole('group', { name: 'Limit 1' });
      await limit.getByLabel('Amount').fill('100');
      await choose(page, limit, 'Window', 'per day');
      await limit.getByRole('combobox', { name: 'Alert at' }).fill('1');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Create quota' }).click();
      await expect(page.getByRole('row', { name: new RegExp(quota) })).toBeVisible();
      const key = uniqueName('noisy');
      const keySecret = await createKey(page, key, [quota]);
      await expect(async () => {
        await completedChat(ready.gateway, keySecret, 'demo');
        const kept = receiver.calls.filter(({ body }) => body.includes(key));
        expect(kept).toHaveLength(1);
      }).toPass({ timeout: 40_000, intervals: [1000] });
      await page.goto('/alerts?kind=limit-threshold');
      const fired = page.getByRole('row', { name: new RegExp(key) });
      await expect(fired).toContainText(`${channel}: delivered`);
      await fired.getByRole('button', { name: /^Details of/ }).click();
      await expect(page.getByRole('region', { name: 'Limit' })).toContainText(quota);
    });

    await test.step('a channel that is turned off stays so', async () => {
      await page.goto('/alerts/channels');
      const enabled = page.getByRole('switch', { name: `Enabled: ${channel}` });
      const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
      await enabled.press('Space');
      expect((await saved).status()).toBe(200);
      await page.reload();
      await expect(enabled).not.toBeChecked();
    });
  } finally {
    receiver.close();
  }
});

test('a channel that answers with an error says so', async ({ ownerPage: page, ready }) => {
  const channel = uniqueName('broken');
  await page.goto('/alerts/channels?create=1');
  const dialog = page.getByRole('dialog', { name: 'New alert channel' });
  await dialog.getByLabel('Display name').fill(channel);
  await choose(page, dialog, 'Type', /^Slack/);
  // The simulated upstream knows no such path.
  await dialog.getByLabel('URL').fill(`${ready.simulatedUpstream}/no-such-hook`);
  await dialog.getByRole('button', { name: 'Create channel' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: `Actions for ${channel}` }).click();
  await page.getByRole('menuitem', { name: 'Send test' }).click();
  await expect(page.getByRole('dialog', { name: `Test of ${channel}` })).toContainText('404');
});
