import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Document, type ParsedNode, parseAllDocuments, parseDocument } from 'yaml';
import { AdminError, invalidField } from '../common/admin-error.ts';

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];
/** Aliases let a small text unfold into a huge document. */
const MAX_ALIASES = 100;
const YAML_OPTIONS = { uniqueKeys: true, strict: true } as const;

/** Largest body of the management API. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Bodies: JSON (Fastify's parser, which refuses `__proto__`), merge patches, YAML. */
export function addBodyParsers(server: FastifyInstance): void {
  const json = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser(['application/json', 'text/plain']);
  server.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') return done(null, undefined);
      return json(request, String(body), (error, value: unknown) => {
        if (error) return done(malformed('JSON', error));
        return isStorable(value) ? done(null, value) : done(unstorable());
      });
    },
  );
  server.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, (request, body, done) => {
    try {
      const value = takesManyDocuments(request) ? parseYamlDocuments(String(body)) : parseYaml(String(body));
      if (isStorable(value)) done(null, value);
      else done(unstorable());
    } catch (error) {
      done(error instanceof AdminError ? error : malformed('YAML', error));
    }
  });
}

/** One document of plain YAML 1.2. Throws the 400. */
export function parseYaml(text: string): unknown {
  return plainValue(parseDocument(text, YAML_OPTIONS));
}

/** Any number of documents of plain YAML 1.2. Throws the 400. */
function parseYamlDocuments(text: string): unknown[] {
  const documents = parseAllDocuments(text, YAML_OPTIONS);
  return 'empty' in documents ? [] : documents.map(plainValue);
}

function takesManyDocuments({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.endsWith('/manifests/apply') === true;
}

function plainValue(document: Document.Parsed<ParsedNode, true>): unknown {
  const [fault] = document.errors;
  if (fault) throw malformed('YAML', fault);
  // Through JSON, so that what cannot be said there (dates, keys that are not text, cycles) is treated alike.
  const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** Whether every text can be stored: the database knows neither NUL nor half of a surrogate pair. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => isStorable(key) && isStorable(member));
}

function unstorable(): AdminError {
  return invalidField('', 'contains a NUL character or half of a surrogate pair');
}

function malformed(format: string, cause: unknown): AdminError {
  return new AdminError('invalid', `The body is not valid ${format}.`, {
    errors: [{ field: '', message: `is not valid ${format}` }],
    cause,
  });
}
