import { type FailureKind, failureKinds } from './failure.ts';

/** What the simulated model does, whatever it is asked. */
export const behaviours = [
  /** Answers with a text. */
  'text',
  /** Calls one tool when tools are offered; after the result it answers with a text that quotes it. */
  'tools',
  /** Calls two tools at once, then as `tools`. */
  'parallel-tools',
  /** Writes a text before it calls a tool. */
  'text-tools',
  /** Thinks, signs its thoughts, and answers with a text. */
  'reasoning',
  /** Thinks, signs, and calls a tool. */
  'reasoning-tools',
  /** Answers with JSON that fits the schema of the request. */
  'structured',
  /** Describes the images, documents and audio that it received. */
  'image',
  /** Answers with the last text of the user. */
  'echo',
  'refusal',
  /** Begins an answer that a content filter then stops. */
  'filtered',
  /** Stops at the bound of its output. */
  'length',
  /** Answers with nothing. */
  'empty',
  /** Reports tokens read from and written to a cache. */
  'cached',
  /** As `reasoning-tools`, with the rarer oddities that were recorded of the vendor's streams. */
  'odd',
  /** Takes 150 ms for the first event and 20 ms for each further one. */
  'slow',
  /** Sends pieces of 7 bytes, which cut characters and lines in two. */
  'split',
  /** Answers 200 and reports an error as the first event of the stream. */
  'error-first-event',
  /** Reports an error after half of the stream. */
  'error-mid-stream',
  /** Breaks the connection after half of the stream. */
  'cut',
  /** Ends the stream in good order after half of it, without its last events. */
  'truncated',
] as const;
export type BehaviourName = (typeof behaviours)[number];

export type Scenario =
  | { readonly name: string; readonly behaviour: BehaviourName; readonly failure: null }
  | { readonly name: string; readonly behaviour: null; readonly failure: FailureKind };

/**
 * The scenario that a model's name asks for: `sim-tools`, or with a family before it whose rules then hold
 * (`claude-opus-5-sim-tools`). Null for other names: there is no such model.
 */
export function scenarioOf(model: string): Scenario | null {
  const name = /(?:^|[^a-z])sim-([a-z-]+)$/.exec(model)?.[1];
  const behaviour = behaviours.find((known) => known === name);
  if (name !== undefined && behaviour) return { name: `sim-${name}`, behaviour, failure: null };
  const failure = failureKinds.find((known) => `error-${known}` === name);
  return name !== undefined && failure ? { name: `sim-${name}`, behaviour: null, failure } : null;
}

/** What stands before `sim-`: the family whose rules hold; empty for a model that takes whatever any of the vendor's takes. */
export function familyOf(model: string): string {
  return model.replace(/sim-[a-z-]+$/, '');
}

/** A name for a model that acts out a scenario. */
export type ScenarioModel = `sim-${BehaviourName | `error-${FailureKind}`}`;
