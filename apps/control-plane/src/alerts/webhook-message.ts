import { createHmac } from 'node:crypto';
import type { AlertNotice } from './alert-notice.ts';

/** The body of a webhook: the same bytes in every attempt. */
export function webhookBody({ kind, firedAt, ...notice }: AlertNotice): string {
  return JSON.stringify({ type: `alert.${kind}`, timestamp: firedAt, data: { kind, firedAt, ...notice } });
}

/** What is signed: which message, and when this attempt was made. */
export interface SignedMessage {
  /** The same in every attempt. */
  readonly id: string;
  readonly body: string;
  /** Epoch ms; receivers refuse what is too old, so that nobody can send a message again. */
  readonly nowMs: number;
}

/** The headers of Standard Webhooks; `secret` is `whsec_` and base64. */
export function signatureHeaders({ id, body, nowMs }: SignedMessage, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
