import { describe, expect, it } from '@jest/globals';
import { committedOpenApi, renderOpenApi } from '../write-openapi.ts';

describe('openapi.json', () => {
  it('is what the code says; run the target openapi of control-plane after a change', async () => {
    expect(await renderOpenApi()).toBe(committedOpenApi());
  });

  it('has every component that it refers to, and a body for every write', () => {
    const text = committedOpenApi();
    const document = JSON.parse(text) as {
      openapi: string;
      components: { schemas: object };
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const references = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]));
    expect([...references].filter((name) => !Object.hasOwn(document.components.schemas, String(name)))).toEqual([]);
    const operations = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(operations).size).toBe(operations.length);
  });

  it('asks for If-Match where it is understood, and demands it nowhere', () => {
    const document = JSON.parse(committedOpenApi()) as {
      paths: Record<string, Record<string, { parameters?: { name: string; in: string; required: boolean }[] }>>;
    };
    const headers = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ parameters = [] }) =>
        parameters.filter(({ name }) => /^if-match$/i.test(name)),
      ),
    );
    expect(headers.length).toBeGreaterThan(0);
    expect(headers.filter((header) => header.required || header.in !== 'header')).toEqual([]);
  });
});
