/** One block of a page of the documentation. */
export type MarkdownBlock =
  | { readonly kind: 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** The blocks of Markdown as the pages of this repository are written: without the title, for the console has one. */
export function markdownBlocks(text: string): readonly MarkdownBlock[] {
  const parts = text.split(/^(```[^\n]*\n[\s\S]*?^```)$/m);
  return parts.flatMap((part) =>
    part.startsWith('```')
      ? [{ kind: 'code' as const, text: part.replace(/^```[^\n]*\n/, '').replace(/\n?```$/, '') }]
      : part
          .split(/\n\s*\n/)
          .map((block) => block.trim())
          .filter((block) => block !== '' && !block.startsWith('# '))
          .map(blockOf),
  );
}

function blockOf(block: string): MarkdownBlock {
  const lines = block.split('\n');
  if (block.startsWith('#')) return { kind: 'heading', text: joined(lines).replace(/^#+\s*/, '') };
  if (lines.every((line) => line.startsWith('|'))) return tableOf(lines);
  if (/^(- |\d+\. )/.test(block)) {
    return {
      kind: 'list',
      items: block.split(/\n(?=- |\d+\. )/).map((item) => joined(item.split('\n')).replace(/^(-|\d+\.) /, '')),
    };
  }
  return { kind: 'paragraph', text: joined(lines) };
}

function tableOf(lines: readonly string[]): MarkdownBlock {
  // A bar in code does not end a cell where it is escaped.
  const [header = [], , ...rows] = lines.map((line) =>
    line
      .replace(/^\||\|\s*$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
  return { kind: 'table', header, rows };
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).join(' ');
}
