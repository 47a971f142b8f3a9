import { sha256Hex } from '../canonical/prepare/sha256-hex.ts';

const PREFIX = 'rt_';
const FORM = /^rt_[0-9a-f]{16}$/;

/**
 * The `id` of a signed entry of `reasoning_details`: it tells whether the text comes back whole. The stream helper of OpenAI's own
 * client keeps only the last delta of fields that it does not know, and a signature beside a text that it does not sign makes the
 * vendor refuse the whole request.
 */
export function reasoningCheck(text: string): string {
  return PREFIX + sha256Hex(text).slice(0, 16);
}

/** Whether it is an id of ours that was given to another text. The ids of other vendors say nothing. */
export function contradicts(id: string, text: string): boolean {
  return FORM.test(id) && id !== reasoningCheck(text);
}
