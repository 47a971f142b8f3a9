import type { AlertChannelSpec } from '@penstock/contracts';
import type { DerivedKeys } from '@penstock/secrets';
import { type ChannelSecrets, openChannelSecrets } from '../alert-channels/channel-secrets.ts';
import type { SmtpConfig } from '../config/env.ts';
import { describeFailure } from '../llm-providers/describe-failure.ts';
import { guardedPost } from '../upstream/guarded-request.ts';
import type { UpstreamGuard } from '../upstream/upstream-guard.ts';
import type { AlertNotice } from './alert-notice.ts';
import { emailMessage } from './email-message.ts';
import { sendEmail } from './send-email.ts';
import { slackBody } from './slack-message.ts';
import { signatureHeaders, webhookBody } from './webhook-message.ts';

/** A stored channel. */
export interface StoredChannel {
  readonly id: string;
  readonly organizationId: string;
  readonly spec: unknown;
  readonly sealedSecrets: string | null;
}

/** What came of one attempt. `reason` is for admins and names no URL. */
export type SendResult =
  | { readonly ok: true }
  /** `final`: another attempt cannot help. */
  | { readonly ok: false; readonly reason: string; readonly final: boolean };

interface SenderParts {
  readonly guard: UpstreamGuard;
  readonly keys: DerivedKeys;
  readonly smtp: SmtpConfig | undefined;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Sends a notice through a channel: one attempt of at most ten seconds. Never rejects. */
export class AlertSender {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** `messageId` is what receivers tell repeated deliveries by. */
  async send(channel: StoredChannel, notice: AlertNotice, messageId: string): Promise<SendResult> {
    const spec = channel.spec as AlertChannelSpec;
    try {
      if (spec.type === 'email') return await this.#email(spec.to, notice, messageId);
      const secrets = openChannelSecrets(channel.sealedSecrets, this.#parts.keys, channel);
      return await this.#post(secrets, notice, messageId);
    } catch (error) {
      return { ok: false, reason: reasonOf(error, spec.type), final: false };
    }
  }

  async #email(to: readonly string[], notice: AlertNotice, id: string): Promise<SendResult> {
    const { smtp } = this.#parts;
    if (!smtp) return { ok: false, reason: 'No SMTP server is set (PENSTOCK_SMTP_URL).', final: false };
    await sendEmail(smtp, { id, to, ...emailMessage(notice) });
    return { ok: true };
  }

  /** A signing secret makes it a webhook; Slack has none. */
  async #post({ url, signingSecret }: ChannelSecrets, notice: AlertNotice, id: string): Promise<SendResult> {
    if (url === undefined) return { ok: false, reason: 'The channel has no URL.', final: true };
    const body = signingSecret === undefined ? slackBody(notice) : webhookBody(notice);
    const signed =
      signingSecret === undefined ? {} : signatureHeaders({ id, body, nowMs: this.#parts.now() }, signingSecret);
    const headers = { 'content-type': 'application/json', 'user-agent': 'Penstock', ...signed };
    const { status } = await guardedPost(url, { headers, body }, this.#parts.guard);
    if (status >= 200 && status < 300) return { ok: true };
    if (status === 410) return { ok: false, reason: 'The receiver is gone for good (410).', final: true };
    const redirect = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
    return { ok: false, reason: `The receiver answered ${status}${redirect}.`, final: false };
  }
}

/** Nodemailer's messages quote the server's answer, which is what helps, and never the password. */
function reasonOf(error: unknown, type: AlertChannelSpec['type']): string {
  if (error instanceof Error && error.name === 'CredentialError') return error.message;
  if (type === 'email')
    return `The e-mail was not taken: ${error instanceof Error ? error.message : 'unknown'}`.slice(0, 500);
  return describeFailure(error).reason?.replace('The provider', 'The receiver') ?? 'The receiver cannot be reached.';
}
