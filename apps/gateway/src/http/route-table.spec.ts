import { describe, expect, it } from '@jest/globals';
import type { CompiledProxy } from '../config/compiled-config.ts';
import { RouteTable } from './route-table.ts';

const endpoint = { handle: () => undefined };
const proxy = (name: string) => ({ name }) as CompiledProxy;
const table = new RouteTable('/models/');
for (const context of ['', '/shop', '/models/x']) {
  table.add(context, { method: 'POST', path: '/chat/completions', versioned: true, endpoint }, proxy(context));
  table.add(context, { method: 'GET', path: '/models', versioned: true, endpoint }, proxy(context));
  table.add(context, { method: 'GET', path: '/models/{id}', versioned: true, endpoint }, proxy(context));
}

const find = (method: string, path: string): string => {
  try {
    const { route, parameter } = table.match(method, path);
    return [route.proxy?.name, route.template, parameter].join(' ');
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('RouteTable', () => {
  it.each([
    ['POST', '/v1/chat/completions', ' /v1/chat/completions '],
    ['POST', '/chat/completions', ' /v1/chat/completions '],
    ['POST', '/shop/v1/chat/completions', '/shop /v1/chat/completions '],
    ['GET', '/shop/models/org%2Fmodel', '/shop /v1/models/{id} org/model'],
    ['GET', '/v1/models/org/model', ' /v1/models/{id} org/model'],
    ['GET', '/v1/models/%zz', 'invalid_request'],
    ['GET', '/v1/models/', 'not_found'],
    ['GET', '/v1/chat/completions', 'method_not_allowed'],
    ['POST', '/v1/models', 'method_not_allowed'],
    ['POST', '/V1/chat/completions', 'not_found'],
    ['POST', '//v1/chat/completions', 'not_found'],
    ['POST', '/v1/./chat/completions', 'invalid_request'],
    ['POST', '/shop/../v1/chat/completions', 'invalid_request'],
    ['POST', '/v1/%2e%2e/chat', 'invalid_request'],
    ['GET', '/other/v1/models/a', 'not_found'],
  ])('%s %s is %s', (method, path, found) => expect(find(method, path)).toBe(found));

  it('names the methods that a path has', () => {
    expect(() => table.match('PUT', '/v1/models')).toThrow('This path allows GET only.');
  });
});
