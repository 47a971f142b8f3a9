import { createTransport } from 'nodemailer';
import type { SmtpConfig } from '../config/env.ts';

/** An e-mail on its way. */
export interface Email {
  /** Makes the Message-ID: the same in every attempt, so that mail programs show a repeated one once. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
const DEADLINE_MS = 10_000;

/** Hands an e-mail to the operator's SMTP server. Rejects when it does not take it, or after ten seconds. */
export async function sendEmail({ url, from }: SmtpConfig, { id, ...email }: Email): Promise<void> {
  const transport = createTransport({
    url,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: DEADLINE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('the SMTP server does not answer in time')), DEADLINE_MS);
  try {
    const domain = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'penstock.invalid';
    const message = { ...email, to: [...email.to], from, messageId: `<${id}@${domain}>` };
    await Promise.race([transport.sendMail(message), late.promise]);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}
