import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertReceiver } from '../alerts/testing/alert-receiver.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
let receiver: AlertReceiver;
beforeAll(async () => {
  receiver = await new AlertReceiver().start();
  app = await startTestApp();
});
afterAll(async () => {
  await app.stop();
  await receiver.stop();
});

const channel = (name: string, spec: object) => ({ metadata: { name }, spec });
const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`;

describe('an alert channel', () => {
  it('keeps its URL and its secret to itself; one that the server makes is shown once', async () => {
    const created = await app.call('POST', '/alert-channels', {
      body: channel('hooks', { type: 'webhook', url: receiver.url }),
    });
    expect(created.status).toBe(201);
    const { signingSecret } = created.body.status;
    expect(signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(created.body.spec).toEqual({ type: 'webhook', enabled: true });
    expect(created.body.status).toMatchObject({ target: new URL(receiver.url).origin, lastDelivery: null });
    const read = await app.call('GET', '/alert-channels/hooks');
    const list = await app.call('GET', '/alert-channels');
    const audit = await app.call('GET', '/audit-events?resourceKind=AlertChannel');
    expect(list.body.items).toHaveLength(1);
    expect(audit.body.items).toHaveLength(1);
    for (const { text } of [read, list, audit]) {
      expect(text).not.toContain('secret-path');
      expect(text).not.toContain(signingSecret);
    }
    const row = await app.nest.get(PrismaService).client.alertChannel.findFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('secret-path');
  });

  it('keeps both through writes that do not name them, and has a version', async () => {
    const signingSecret = secretOf('one');
    const body = channel('kept', { type: 'webhook', url: receiver.url, signingSecret });
    const { headers, body: created } = await app.call('POST', '/alert-channels', { body });
    expect(created.status.signingSecret).toBeUndefined();
    const patch = (spec: object, ifMatch: string) =>
      app.call('PATCH', '/alert-channels/kept', { body: { spec }, headers: { 'if-match': ifMatch } });
    const patched = await patch({ kinds: ['unknown-price'] }, String(headers['etag']));
    expect(patched.status).toBe(200);
    expect((await patch({ enabled: false }, String(headers['etag']))).status).toBe(412);
    const put = await app.call('PUT', '/alert-channels/kept', { body: channel('kept', { type: 'webhook' }) });
    expect(put.body.status).toMatchObject({ target: new URL(receiver.url).origin });
    expect((await app.call('POST', '/alert-channels/kept/test')).body).toMatchObject({ ok: true, reason: null });
    const { headers: sent, body: text } = receiver.received.at(-1)!;
    const signed = `${sent['webhook-id']}.${sent['webhook-timestamp']}.${text}`;
    const key = Buffer.from(signingSecret.slice('whsec_'.length), 'base64');
    expect(sent['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(JSON.parse(text)).toMatchObject({ type: 'alert.test', data: { subject: 'AlertChannel kept' } });
  });

  it('makes no config revision, and goes with its deliveries when it is deleted', async () => {
    const before = await app.call('GET', '/config/revisions');
    await app.call('POST', '/alert-channels', { body: channel('gone', { type: 'slack', url: receiver.url }) });
    expect((await app.call('DELETE', '/alert-channels/gone')).status).toBe(204);
    expect((await app.call('GET', '/alert-channels/gone')).status).toBe(404);
    expect((await app.call('GET', '/config/revisions')).text).toBe(before.text);
  });

  it('needs a URL at first and for another type, and none that leads into the network', async () => {
    const create = (spec: object) => app.call('POST', '/alert-channels', { body: channel('no', spec) });
    expect(await create({ type: 'slack' })).toMatchObject({ status: 400, body: { errors: [{ field: 'spec.url' }] } });
    for (const url of ['http://10.0.0.1/', 'http://169.254.169.254/latest', 'http://[::1]/']) {
      expect(await create({ type: 'webhook', url })).toMatchObject({ status: 422, body: { code: 'url_not_allowed' } });
    }
    const changed = await app.call('PUT', '/alert-channels/kept', { body: channel('kept', { type: 'slack' }) });
    expect(changed).toMatchObject({ status: 422, body: { code: 'secret_required', errors: [{ field: 'spec.url' }] } });
  });

  it('of e-mail needs an SMTP server, and says so', async () => {
    const body = channel('mail', { type: 'email', to: ['ops@example.com'] });
    const refused = await app.call('POST', '/alert-channels', { body });
    expect(refused).toMatchObject({ status: 422, body: { code: 'not_configured', errors: [{ field: 'spec.type' }] } });
    expect(refused.text).toContain('PENSTOCK_SMTP_URL');
  });

  it('says why a test failed, without its URL', async () => {
    receiver.answers = [302];
    const test = await app.call('POST', '/alert-channels/hooks/test');
    expect(test.body).toMatchObject({ ok: false, reason: expect.stringContaining('302') });
    expect(test.text).not.toContain('secret-path');
    expect((await app.call('POST', '/alert-channels/nobody/test')).status).toBe(404);
  });
});
