import { GatewayError } from '@penstock/contracts';

/** Fields by which a caller would run templates of its own, reach files and peers of the server, or its internals. */
const REFUSED: ReadonlySet<string> = new Set(['chat_template', 'kv_transfer_params', 'media_io_kwargs', 'vllm_xargs']);

/** Throws `unknown_parameter` for a field that no caller may send to vLLM. */
export function refuseDangerousField(name: string): void {
  if (!REFUSED.has(name)) return;
  throw new GatewayError('unknown_parameter', `'${name}' cannot be set by a request.`, { param: name });
}

/** What older clients send for guided decoding, and where it stands in `structured_outputs` now. */
export const GUIDED_FIELDS: ReadonlyMap<string, string> = new Map([
  ['guided_json', 'json'],
  ['guided_regex', 'regex'],
  ['guided_choice', 'choice'],
  ['guided_grammar', 'grammar'],
  ['guided_whitespace_pattern', 'whitespace_pattern'],
]);

/** Chose the implementation, which is the server's own affair now. */
export const GUIDED_BACKEND = 'guided_decoding_backend';
