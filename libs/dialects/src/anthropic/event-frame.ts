import { sseFrame } from '../sse/sse-event.ts';

/** An event of Anthropic's streams. Official clients ignore one without its `event:` line. */
export function eventFrame(event: { readonly type: string; readonly [field: string]: unknown }): string {
  return sseFrame(JSON.stringify(event), event.type);
}
