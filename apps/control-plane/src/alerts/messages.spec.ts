import { describe, expect, it } from '@jest/globals';
import { emailMessage } from './email-message.ts';
import { formatAmount } from './format-amount.ts';
import { slackBody } from './slack-message.ts';

const notice = {
  id: '0197f0c4-0000-7000-8000-000000000001',
  kind: 'limit-threshold',
  firedAt: '2026-01-31T12:00:00.000Z',
  title: 'Team <!channel> & co has reached 80 %',
  subject: 'Team <!channel> & co',
  limit: {
    quota: 'monthly',
    unit: 'cost',
    window: 'month',
    thresholdPercent: 80,
    used: 8_123_456,
    max: 10_000_000,
    windowStart: '2026-01-01T00:00:00.000Z',
    windowEnd: '2026-02-01T00:00:00.000Z',
  },
  consoleUrl: 'https://penstock.example.com/alerts',
} as const;

describe('a message to people', () => {
  it('cannot mention anybody in Slack, whatever things are named', () => {
    const body = slackBody(notice);
    expect(body).not.toContain('<!channel>');
    const { text, blocks } = JSON.parse(body) as { text: string; blocks: { text: { text: string } }[] };
    expect(text).toBe('Team &lt;!channel&gt; &amp; co has reached 80 %');
    expect(blocks[1]?.text.text).toContain('*Used:* 8.123456 USD of 10.00 USD');
    expect(blocks[1]?.text.text).toContain('<https://penstock.example.com/alerts|Open the console>');
  });

  it('is plain text with a link as an e-mail, and its subject is one line', () => {
    const { subject, text } = emailMessage({ ...notice, title: 'two\r\nlines' });
    expect(subject).toBe('[Penstock] two lines');
    expect(text).toContain('Used: 8.123456 USD of 10.00 USD\n');
    expect(text).toContain('\n\nhttps://penstock.example.com/alerts\n');
  });

  it('says amounts in their unit', () => {
    expect(formatAmount(1_234_567, 'tokens')).toBe('1,234,567 tokens');
    expect(formatAmount(1, 'cost')).toBe('0.000001 USD');
    expect(formatAmount(50_000_000, 'cost')).toBe('50.00 USD');
  });
});
