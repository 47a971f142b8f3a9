import type { Json } from '@penstock/dialects';

/** That a text is refused. */
export interface Violation {
  /** What callers are told. */
  readonly reason: string;
  /** What they are told besides when the policy shows its assessment. */
  readonly assessments: Json;
}

/** Follows a text that comes in pieces, and refuses as soon as it is certain. After a violation it is not asked again. */
export interface TextFollower {
  push(piece: string): Violation | null;
  /** How many UTF-16 units from the beginning may be released. */
  readonly released: number;
  /** Something else than text comes next, for which the text should not be held back if that can be helped. */
  pause(): Violation | null;
  end(): Violation | null;
}

/** What a guardrail asks of a text. A follower comes to the same verdict as `judge` within the bounds that the rule documents. */
export interface TextRule {
  judge(text: string): Violation | null;
  follow(): TextFollower;
}

/** Judges a value that a path names and that is no text; where it is left out, only texts are judged. */
export interface ValueRule extends TextRule {
  judgeValue?(value: unknown): Violation | null;
}
