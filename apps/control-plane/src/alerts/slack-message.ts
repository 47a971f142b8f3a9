import type { AlertNotice } from './alert-notice.ts';
import { factsOf } from './alert-facts.ts';

/** Slack's limit for a section is 3000 characters. */
const MAX_TEXT = 2_900;

/** The body for Slack's incoming webhooks, and for what takes the same. */
export function slackBody(notice: AlertNotice): string {
  const title = escapeSlack(notice.title);
  const facts = factsOf(notice).map(([name, value]) => `*${name}:* ${escapeSlack(value)}`);
  const link = notice.consoleUrl === null ? [] : [`<${escapeSlack(notice.consoleUrl)}|Open the console>`];
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: text.slice(0, MAX_TEXT) } });
  return JSON.stringify({ text: title, blocks: [section(`*${title}*`), section([...facts, ...link].join('\n'))] });
}

/** The three characters that Slack gives a meaning: without them no name can mention people or forge links. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
