import type { Json, JsonObject } from '../canonical/json.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { arrayOf, objectOf, textOf } from './json-fields.ts';

const NAME = 'parallel';
const RECIPIENT_PREFIX = 'functions.';

/** A call that stood in the wrapper. */
export interface WrappedCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** Whether a call may be the wrapper `parallel` in which OpenAI's models put several calls at times: no tool that was sent. */
export function mayBeParallelWrapper(name: string, toolNames: ReadonlySet<string> | undefined): boolean {
  return name === NAME && toolNames?.has(NAME) !== true;
}

/**
 * The calls within the wrapper's arguments, `{"tool_uses":[{"recipient_name":"functions.x","parameters":{}}]}`, with ids made
 * of the wrapper's own. Null when the arguments are anything else or call what was not sent: then it is a call like others.
 */
export function expandParallelWrapper(
  id: string,
  text: string,
  toolNames: ReadonlySet<string> | undefined,
): readonly WrappedCall[] | null {
  const uses = arrayOf(objectOf(parsed(text))?.['tool_uses']).map((use) => objectOf(use));
  const calls = uses.map((use, index) => use && wrappedCall(use, `${id}_${index}`));
  if (calls.length === 0 || calls.some((call) => !call || toolNames?.has(call.name) === false)) return null;
  return calls.filter((call) => call !== undefined && call !== null);
}

function parsed(text: string): Json | undefined {
  try {
    return parseFaithfully(text);
  } catch {
    // Arguments that were cut off; the call is passed on as it is.
    return undefined;
  }
}

function wrappedCall(use: JsonObject, id: string): WrappedCall | null {
  const recipient = textOf(use['recipient_name']);
  const parameters = objectOf(use['parameters']);
  if (!recipient?.startsWith(RECIPIENT_PREFIX) || !parameters) return null;
  const name = recipient.slice(RECIPIENT_PREFIX.length);
  return name === '' ? null : { id, name, arguments: JSON.stringify(parameters) };
}
