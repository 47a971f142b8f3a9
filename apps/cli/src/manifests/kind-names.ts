import { ManifestKind } from '@penstock/contracts';
import { InvalidArgumentError } from 'commander';

const SHORT_NAMES: Readonly<Record<string, ManifestKind>> = {
  template: 'LlmProviderTemplate',
  provider: 'LlmProvider',
  price: 'ModelPrice',
  proxy: 'LlmProxy',
  key: 'VirtualKey',
  vk: 'VirtualKey',
  org: 'Organization',
  channel: 'AlertChannel',
};

const KINDS = new Map<string, ManifestKind>([
  ...ManifestKind.options.map((kind) => [kind.toLowerCase(), kind] as const),
  ...Object.entries(SHORT_NAMES),
]);

/** A kind as it is typed: `LlmProvider`, `llm-providers`, `provider`, `providers`. Throws what commander tells as a usage error. */
export function readKind(text: string): ManifestKind {
  const plain = text.toLowerCase().replaceAll(/[-_]/g, '');
  const kind = KINDS.get(plain) ?? KINDS.get(plain.replace(/ies$/, 'y')) ?? KINDS.get(plain.replace(/s$/, ''));
  if (kind) return kind;
  throw new InvalidArgumentError(`Kinds are ${ManifestKind.options.map(kebab).join(', ')}.`);
}

/** Where the API has a kind's documents, below `/api/v1`. */
export function pathOf(kind: ManifestKind): string {
  if (kind === 'Organization') return '/organization';
  const name = kebab(kind);
  return name.endsWith('xy') ? `/${name.slice(0, -1)}ies` : `/${name}s`;
}

function kebab(kind: string): string {
  return kind.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
