import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook whose signature was right. */
export interface VerifiedWebhook {
  readonly id: string;
  readonly message: {
    readonly type: string;
    readonly data: { readonly subject: string; readonly limit: { readonly thresholdPercent: number } | null };
  };
}

/** A receiver of webhooks as an operator writes one: it verifies each by the Standard Webhooks rules and answers 204, or 401. */
export interface WebhookReceiver {
  readonly url: string;
  readonly verified: readonly VerifiedWebhook[];
  readonly refused: number;
  /** What is verified with from now on, `whsec_...`. */
  trust(signingSecret: string): void;
  stop(): Promise<void>;
}

/** Starts one on a free port. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const verified: VerifiedWebhook[] = [];
  let [secret, refused] = ['', 0];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const valid = isValid(request.headers, body, secret);
      if (valid) verified.push({ id: String(request.headers['webhook-id']), message: JSON.parse(body) as never });
      else refused += 1;
      response.writeHead(valid ? 204 : 401).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/penstock`,
    verified,
    get refused() {
      return refused;
    },
    trust: (signingSecret) => (secret = signingSecret),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const MAX_AGE_S = 300;

function isValid(headers: IncomingHttpHeaders, body: string, secret: string): boolean {
  const id = String(headers['webhook-id']);
  const timestamp = String(headers['webhook-timestamp']);
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > MAX_AGE_S) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const signatures = String(headers['webhook-signature']).split(' ');
  return signatures.some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
