import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { markdownBlocks } from './markdown-blocks.ts';

describe('a page of the documentation', () => {
  it('is read as blocks, without its title', () => {
    const text =
      '# name\n\nIt does\nthis.\n\n| A | B |\n|---|---|\n| `x\\|y` | z |\n\n- one\n  more\n- two\n\n## More\n\n```yaml\na: 1\n\nb: 2\n```\n\nEnd.\n';
    expect(markdownBlocks(text)).toEqual([
      { kind: 'paragraph', text: 'It does this.' },
      { kind: 'table', header: ['A', 'B'], rows: [['`x|y`', 'z']] },
      { kind: 'list', items: ['one more', 'two'] },
      { kind: 'heading', text: 'More' },
      { kind: 'code', text: 'a: 1\n\nb: 2' },
      { kind: 'paragraph', text: 'End.' },
    ]);
  });

  it('leaves no marks of Markdown behind, on any page of a policy', () => {
    const folder = path.resolve(import.meta.dirname, '../../../../../../docs/policies');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
      const texts = markdownBlocks(readFileSync(path.join(folder, file), 'utf8')).flatMap((block) => {
        if (block.kind === 'paragraph' || block.kind === 'heading') return [block.text];
        return block.kind === 'list' ? block.items : [];
      });
      const odd = texts.filter((text) => /^(#|```|\||>|- )|\|---/.test(text));
      expect({ file, odd }).toEqual({ file, odd: [] });
    }
  });
});
