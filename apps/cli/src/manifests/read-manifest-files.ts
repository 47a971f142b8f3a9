import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { CliError, usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { SourceDocument } from './source-document.ts';

const MAX_FILES = 2_000;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** Aliases let a small text unfold into a huge document. */
const MAX_ALIASES = 100;

/**
 * All documents of files, of the `.yaml`, `.yml` and `.json` files below folders, and of standard input (`-`). Throws the
 * `CliError` for what cannot be read or is no YAML, with its file and line.
 */
export async function readManifestFiles(sources: readonly string[], io: CliIo): Promise<readonly SourceDocument[]> {
  if (sources.filter((source) => source === '-').length > 1) throw usageError("Standard input ('-') can be read once.");
  const documents: SourceDocument[] = [];
  for (const source of sources) {
    if (source === '-') documents.push(...parseManifests('(stdin)', await io.readInput()));
    else for (const file of await filesOf(source)) documents.push(...parseManifests(file, await readText(file)));
  }
  if (documents.length === 0) throw new CliError(`There is no document in ${sources.join(', ')}.`);
  return documents;
}

/** The documents of one text; `{items}` and lists are taken apart. */
export function parseManifests(file: string, text: string): SourceDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  if ('empty' in parsed) return [];
  return parsed.flatMap((document) => {
    const [fault] = document.errors;
    if (fault) {
      const { line } = lines.linePos(fault.pos[0]);
      throw new CliError(`${file}:${line}: is not valid YAML: ${fault.message.split('\n', 1)[0]}`);
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return takeApart(value, document.contents).map((part) => new SourceDocument(file, part.value, part.node, lines));
  });
}

interface Part {
  readonly value: unknown;
  readonly node: Node | null;
}

function takeApart(value: unknown, node: Node | null): readonly Part[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => takeApart(item, isSeq(node) ? (node.items[index] as Node) : null));
  }
  const { items, spec } = value as { readonly items?: unknown; readonly spec?: unknown };
  if (!Array.isArray(items) || spec !== undefined) return [{ value, node }];
  return takeApart(items, isMap(node) ? ((node.get('items', true) as Node | undefined) ?? null) : null);
}

async function filesOf(source: string): Promise<readonly string[]> {
  const found = await stat(source).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${source} cannot be read: ${error.code ?? error.message}.`);
  });
  if (!found.isDirectory()) return [source];
  const names = await readdir(source, { recursive: true });
  const files = names.filter((name) => /\.(ya?ml|json)$/i.test(name) && !/(^|[\\/])(\.|node_modules[\\/])/.test(name));
  if (files.length === 0) throw new CliError(`There is no .yaml, .yml or .json file in ${source}.`);
  if (files.length > MAX_FILES) throw new CliError(`There are more than ${MAX_FILES} files in ${source}.`);
  return files.sort().map((name) => path.join(source, name));
}

async function readText(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MAX_FILE_BYTES) throw new CliError(`${file} has more than 8 MiB.`);
  return readFile(file, 'utf8');
}
