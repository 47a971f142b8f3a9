import { z } from 'zod';

/** Where a stream breaks: the number of the event before which it happens, 0 for the first. */
const EventIndex = z.int().min(0);

/** What goes wrong. Without a fault the upstream behaves well. */
export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(300).max(599),
    message: z.string().default('simulated fault'),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.string().optional(),
  }),
  /** Takes the request and never answers. */
  z.strictObject({ kind: z.literal('hang') }),
  /** Sends the head of an answer and nothing more. */
  z.strictObject({ kind: z.literal('hang-after-headers') }),
  /** Closes the connection: `reset` sends RST, otherwise FIN. Without `beforeEvent` before any answer. */
  z.strictObject({ kind: z.literal('cut'), beforeEvent: EventIndex.optional(), reset: z.boolean().default(false) }),
  /** Ends the stream in good order but without `[DONE]`. */
  z.strictObject({ kind: z.literal('no-done') }),
  /** An error frame in place of an event. */
  z.strictObject({ kind: z.literal('error-event'), beforeEvent: EventIndex.default(0) }),
  /** Bytes that are not HTTP. */
  z.strictObject({ kind: z.literal('garbage') }),
  z.strictObject({ kind: z.literal('html') }),
  z.strictObject({ kind: z.literal('wrong-content-length') }),
  z.strictObject({ kind: z.literal('gzip') }),
  /** One event of so many bytes. */
  z.strictObject({ kind: z.literal('huge-event'), bytes: z.int().min(1).max(64_000_000) }),
]);
export type Fault = z.infer<typeof Fault>;

/** A change of how the upstream behaves; what is left out stays as it is. */
export const BehaviourChange = z.strictObject({
  firstTokenDelayMs: z.number().min(0).max(600_000).optional(),
  tokenDelayMs: z.number().min(0).max(60_000).optional(),
  /** Tokens that an answer has unless the request allows fewer. */
  outputTokens: z.int().min(0).max(1_000_000).optional(),
  cachedInputTokens: z.int().min(0).optional(),
  reasoningTokens: z.int().min(0).optional(),
  fault: Fault.optional(),
  /** Replaces the reported usage; null leaves it out. */
  usage: z.json().optional(),
  lineEnd: z.enum(['\n', '\r\n', '\r']).optional(),
  /** Writes the stream in pieces of so many bytes, whatever they cut in two. */
  pieceBytes: z.int().min(1).optional(),
  /** Puts a comment before each event and spreads data over two lines where JSON allows it. */
  oddFraming: z.boolean().optional(),
});
export type BehaviourChange = z.infer<typeof BehaviourChange>;

/** How the upstream behaves, for all requests or for one. */
export type Behaviour = BehaviourChange & typeof defaultBehaviour;

export const defaultBehaviour = {
  firstTokenDelayMs: 0,
  tokenDelayMs: 0,
  outputTokens: 16,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  lineEnd: '\n' as '\n' | '\r\n' | '\r',
  oddFraming: false,
};
