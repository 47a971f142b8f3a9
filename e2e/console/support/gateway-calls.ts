import { expect } from '@playwright/test';

/** The token counts that a completion reports. */
export interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** Sends one chat as an application would, for a user of it if one is named. */
export function chat(baseUrl: string, key: string, model: string, user?: string): Promise<Response> {
  return fetch(`${baseUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(user ? { 'x-penstock-user': user } : {}),
    },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'How much water flows?' }] }),
    signal: AbortSignal.timeout(10_000),
  });
}

/** The usage of a chat that must succeed. */
export async function completedChat(
  baseUrl: string,
  key: string,
  model: string,
  user?: string,
): Promise<CompletionUsage> {
  const response = await chat(baseUrl, key, model, user);
  expect(response.status).toBe(200);
  const { usage } = (await response.json()) as { usage: CompletionUsage };
  return usage;
}

/** Milliseconds until chats are answered with this status; throws after `withinMs`. */
export async function statusWithin(withinMs: number, status: number, send: () => Promise<Response>): Promise<number> {
  const startMs = performance.now();
  let seen = 0;
  while (performance.now() - startMs <= withinMs) {
    const response = await send();
    await response.arrayBuffer();
    seen = response.status;
    if (seen === status) return performance.now() - startMs;
  }
  throw new Error(`No ${status} within ${withinMs} ms; the last status was ${seen}.`);
}
