import { factsOf } from './alert-facts.ts';
import type { AlertNotice } from './alert-notice.ts';

/** Subject and text of an e-mail; plain text only, so that no name can carry markup. */
export function emailMessage(notice: AlertNotice): { readonly subject: string; readonly text: string } {
  const facts = factsOf(notice).map(([name, value]) => `${name}: ${value}`);
  const link = notice.consoleUrl === null ? [] : ['', notice.consoleUrl];
  const oneLine = notice.title.replaceAll(/\s+/g, ' ');
  return { subject: `[Penstock] ${oneLine}`.slice(0, 200), text: [notice.title, '', ...facts, ...link, ''].join('\n') };
}
