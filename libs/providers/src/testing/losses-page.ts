import { ANSWER_LOSSES } from './answer-losses.ts';
import { COMPATIBILITY_LOSSES } from './compatibility-losses.ts';

interface Loss {
  readonly clients: readonly string[] | 'all';
  readonly upstreams?: readonly string[];
  readonly what: string;
  readonly why: string;
}

const HEAD = `# What gets lost between dialects

Where caller and upstream speak the same dialect, the bytes pass through and nothing is lost. Between different dialects
everything else than this arrives: random conversations and answers of every pair are translated and compared in
\`libs/providers/src/vectors\`, which also holds this page to its table.
`;

const named = (dialects: readonly string[] | 'all'): string =>
  dialects === 'all' ? 'all' : dialects.map((dialect) => `\`${dialect}\``).join(', ');

function section(title: string, losses: readonly Loss[]): string {
  const items = losses.map(
    ({ clients, upstreams, what, why }) =>
      `- **${what}** (callers: ${named(clients)}; upstreams: ${named(upstreams ?? 'all')}): ${why}`,
  );
  return `## ${title}\n\n${items.join('\n')}\n`;
}

/** The text of docs/compatibility-losses.md. */
export function lossesPage(): string {
  return [HEAD, section('Of requests', COMPATIBILITY_LOSSES), section('Of answers', ANSWER_LOSSES)].join('\n');
}
