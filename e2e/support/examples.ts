import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

const FOLDER = path.resolve(import.meta.dirname, '../../examples');

/** A document of an example, as far as tests look into it. */
export interface ExampleDocument {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    template?: string;
    context?: string;
    provider?: { readonly id: string };
    upstream?: { url: string; auth?: { type: string; header?: string; value?: string } };
    models?: { readonly id: string; readonly name?: string; upstreamModel?: string }[];
  };
}

/** One file of `examples/`. */
export interface Example {
  /** The file's, without `.yaml`. */
  readonly name: string;
  readonly text: string;
  readonly documents: readonly ExampleDocument[];
}

/** All examples, by name. Throws for what is no YAML. */
export function readExamples(): readonly Example[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
  return files.toSorted().map((file) => {
    const text = readFileSync(path.join(FOLDER, file), 'utf8');
    const documents = parseAllDocuments(text, { uniqueKeys: true, strict: true }).map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS() as ExampleDocument;
    });
    return { name: path.basename(file, '.yaml'), text, documents };
  });
}
