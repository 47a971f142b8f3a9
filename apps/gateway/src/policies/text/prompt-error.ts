import type { PolicyAnswer } from '../policy.ts';

/** The answer when a prompt cannot be made. `message` is public. */
export function promptError(status: number, type: string, message: string): PolicyAnswer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ type, message })) };
}
