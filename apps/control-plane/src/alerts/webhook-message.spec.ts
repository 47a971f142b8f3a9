import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { signatureHeaders } from './webhook-message.ts';

describe('the signature of a webhook', () => {
  it('is the one that the Standard Webhooks specification gives as its example', () => {
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', nowMs: 1_614_265_330_999 };
    expect(signatureHeaders(message, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is verified by the code that the documentation shows', async () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/alerts.md'), 'utf8');
    const code = /```js\n(.*?)```/s.exec(page)?.[1] ?? '';
    const { isFromPenstock } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      isFromPenstock: (headers: object, body: string, secret: string) => boolean;
    };
    const secret = `whsec_${Buffer.from('a signing secret of thirty-two b').toString('base64')}`;
    const body = '{"type":"alert.test"}';
    const headers = signatureHeaders({ id: 'one', body, nowMs: Date.now() }, secret);
    expect(isFromPenstock(headers, body, secret)).toBe(true);
    expect(isFromPenstock({ ...headers, 'webhook-id': 'two' }, body, secret)).toBe(false);
    expect(isFromPenstock(headers, `${body} `, secret)).toBe(false);
    const old = signatureHeaders({ id: 'one', body, nowMs: Date.now() - 400_000 }, secret);
    expect(isFromPenstock(old, body, secret)).toBe(false);
  });
});
