import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { deriveKeys } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import { SMTPServer } from 'smtp-server';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import type { SmtpConfig } from '../config/env.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { startTestApp, TEST_MASTER_KEY, type TestApp } from '../testing/test-app.ts';
import { CidrList } from '../upstream/cidr-list.ts';
import { UpstreamGuard } from '../upstream/upstream-guard.ts';
import { AlertSender } from './alert-sender.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { deliverAlerts } from './deliver-alerts.ts';
import { fireAlert } from './fire-alert.ts';
import { AlertReceiver } from './testing/alert-receiver.ts';

const signingSecret = `whsec_${Buffer.from('a signing secret of thirty-two b').toString('base64')}`;
let app: TestApp;
let client: PrismaClient;
let receiver: AlertReceiver;
let nowMs = Date.UTC(2026, 0, 31, 12);
let smtp: SmtpConfig | undefined;
beforeAll(async () => {
  receiver = await new AlertReceiver().start();
  app = await startTestApp({
    env: { PENSTOCK_SMTP_URL: 'smtp://127.0.0.1:1', PENSTOCK_SMTP_FROM: 'penstock@example.com' },
  });
  client = app.nest.get(PrismaService).client;
});
afterEach(async () => {
  await client.alertChannel.deleteMany();
  await client.alert.deleteMany();
  receiver.received.length = 0;
  receiver.answers = [];
});
afterAll(async () => {
  await app.stop();
  await receiver.stop();
});

async function createChannel(name: string, spec: object): Promise<void> {
  const answer = await app.call('POST', '/alert-channels', { body: { metadata: { name }, spec } });
  expect(answer.status).toBe(201);
}

const fire = (occurrence: string) =>
  fireAlert(client, {
    organizationId: DEFAULT_ORGANIZATION_ID,
    kind: 'unknown-price',
    occurrence,
    subject: 'LlmProvider lab',
    title: 'Model m of LlmProvider lab has no price',
    firedAt: new Date(nowMs),
  });

function deliver(allowed = '127.0.0.0/8'): Promise<void> {
  const guard = new UpstreamGuard(CidrList.parse(allowed));
  const sender = new AlertSender({ guard, keys: deriveKeys(TEST_MASTER_KEY), smtp, now: () => nowMs });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const publicUrl = 'https://penstock.example.com/';
  return deliverAlerts({ client, sender, logger, publicUrl, now: () => nowMs, random: () => 0.5 });
}

const alerts = async () => (await app.call('GET', '/alerts')).body.items;

describe('the delivery of an alert', () => {
  it('goes to the channels that take its kind, signed so that a receiver can verify it', async () => {
    await createChannel('all', { type: 'webhook', url: receiver.url, signingSecret });
    await createChannel('others', { type: 'slack', url: receiver.url, kinds: ['reconciliation'] });
    await createChannel('off', { type: 'slack', url: receiver.url, enabled: false });
    expect(await fire('a')).toBe(true);
    await deliver();
    expect(receiver.received).toHaveLength(1);
    const { headers, body } = receiver.received[0]!;
    const key = Buffer.from(signingSecret.slice('whsec_'.length), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(Number(headers['webhook-timestamp'])).toBe(nowMs / 1000);
    expect(JSON.parse(body)).toMatchObject({
      type: 'alert.unknown-price',
      data: { subject: 'LlmProvider lab', consoleUrl: 'https://penstock.example.com/alerts' },
    });
    expect(await alerts()).toMatchObject([
      { kind: 'unknown-price', deliveries: [{ channel: 'all', state: 'delivered', attempts: 1, lastError: null }] },
    ]);
    const { lastDelivery } = (await app.call('GET', '/alert-channels/all')).body.status;
    expect(lastDelivery).toEqual({ state: 'delivered', at: new Date(nowMs).toISOString(), error: null });
  });

  it('is tried again with growing pauses under the same id, until it is taken', async () => {
    await createChannel('flapping', { type: 'webhook', url: receiver.url, signingSecret });
    receiver.answers = [500, 500, 200];
    await fire('a');
    const startMs = nowMs;
    for (const afterMs of [0, 9_000, 10_001, 29_000, 30_002, 60_000]) {
      nowMs = startMs + afterMs;
      await deliver();
    }
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-signature'])).size).toBe(3);
    expect(await alerts()).toMatchObject([{ deliveries: [{ state: 'delivered', attempts: 3, lastError: null }] }]);
  });

  it('is given up after a day, and at once when the receiver is gone', async () => {
    await createChannel('broken', { type: 'slack', url: receiver.url });
    receiver.answers = [410];
    await fire('a');
    await deliver();
    expect(await alerts()).toMatchObject([{ deliveries: [{ state: 'failed', attempts: 1 }] }]);
    await fire('b');
    receiver.answers = Array.from({ length: 100 }, () => 503);
    for (let tries = 0; tries < 20; tries += 1) {
      nowMs += 50_000_000;
      await deliver();
    }
    const [newest] = await alerts();
    expect(newest.deliveries).toMatchObject([{ state: 'failed', nextAttemptAt: null }]);
    expect(receiver.received.length).toBeLessThanOrEqual(4);
  });

  it('comes again under the same id when a worker dies between sending and writing it down', async () => {
    await createChannel('twice', { type: 'webhook', url: receiver.url, signingSecret });
    await fire('a');
    // This worker claims, sends, and dies.
    const [claimed] = await claimDeliveries(client, nowMs);
    await fetch(receiver.url, { method: 'POST', headers: { 'webhook-id': claimed!.id }, body: '{}' });
    await deliver();
    expect(receiver.received).toHaveLength(1);
    nowMs += 60_001;
    await deliver();
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]!.headers['webhook-id']).toBe(receiver.received[0]!.headers['webhook-id']);
  });

  it('is made once, however many workers deliver at the same time', async () => {
    for (const name of ['one', 'two', 'three']) await createChannel(name, { type: 'slack', url: receiver.url });
    for (let count = 0; count < 20; count += 1) await fire(`a${count}`);
    await Promise.all([deliver(), deliver(), deliver()]);
    expect(receiver.received).toHaveLength(60);
  });

  it('follows no redirect and dials no address that is not allowed', async () => {
    await createChannel('redirect', { type: 'slack', url: receiver.url });
    receiver.answers = [302];
    await fire('a');
    await deliver();
    expect(receiver.received).toHaveLength(1);
    expect((await alerts())[0].deliveries[0].lastError).toContain('302, and redirects are not followed');
    nowMs += 30_000;
    await deliver('');
    expect(receiver.received).toHaveLength(1);
    expect((await alerts())[0].deliveries[0].lastError).toBe('The address may not be dialled from here.');
  });

  it('fails when the channel was disabled in between', async () => {
    await createChannel('off', { type: 'slack', url: receiver.url });
    await fire('a');
    await app.call('PATCH', '/alert-channels/off', { body: { spec: { enabled: false } } });
    await deliver();
    expect(receiver.received).toHaveLength(0);
    expect(await alerts()).toMatchObject([
      { deliveries: [{ state: 'failed', lastError: 'The channel was disabled.' }] },
    ]);
  });

  it('by e-mail reaches an SMTP server as plain text with a link', async () => {
    const mails: { text: string; to: string[] }[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, callback) {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        stream.on('end', () => {
          mails.push({ text, to: session.envelope.rcptTo.map(({ address }) => address) });
          callback();
        });
      },
    });
    const socket = server.listen(0, '127.0.0.1');
    await once(socket, 'listening');
    smtp = {
      url: `smtp://127.0.0.1:${(socket.address() as AddressInfo).port}`,
      from: 'Penstock <penstock@example.com>',
    };
    await createChannel('mail', { type: 'email', to: ['ops@example.com', 'finance@example.com'] });
    await fire('a');
    await deliver();
    server.close();
    expect(mails).toHaveLength(1);
    expect(mails[0]!.to).toEqual(['ops@example.com', 'finance@example.com']);
    expect(mails[0]!.text).toContain('Subject: [Penstock] Model m of LlmProvider lab has no price');
    expect(mails[0]!.text).toContain('https://penstock.example.com/alerts');
    expect(mails[0]!.text).toMatch(/Message-ID: <[0-9a-f-]{36}@example\.com>/i);
    expect(mails[0]!.text).toContain('Content-Type: text/plain');
    await fire('b');
    await deliver();
    expect((await alerts())[0].deliveries[0].lastError).toContain('The e-mail was not taken');
  });
});
