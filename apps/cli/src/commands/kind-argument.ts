import { Argument } from 'commander';
import { readKind } from '../manifests/kind-names.ts';

/** `KIND`, as one types it: `LlmProvider`, `llm-providers`, `provider`. */
export function kindArgument(): Argument {
  return new Argument('<kind>', 'such as provider, proxies, virtual-key, quota').argParser(readKind);
}
