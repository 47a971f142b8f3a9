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

  it('A5.6: finds a path with a parameter amid it, which is one segment', () => {
    const vendors = new RouteTable('/models/');
    for (const path of ['/openai/deployments/{deployment}/chat/completions', '/model/{modelId}/converse']) {
      vendors.add('/own', { method: 'POST', path, versioned: false, endpoint }, null);
    }
    const match = (path: string) => vendors.match('POST', path).parameter;
    expect(match('/own/openai/deployments/gpt%2F4o/chat/completions')).toBe('gpt/4o');
    expect(match('/own/model/anthropic.claude-v2:0/converse')).toBe('anthropic.claude-v2:0');
    for (const path of [
      '/own/model/a/b/converse',
      '/own/model//converse',
      '/own/model/a/converse/',
      '/model/a/converse',
      '/own/openai/deployments/a/embeddings',
      '/own/model/../converse/converse',
    ]) {
      expect(() => match(path)).toThrow();
      expect(vendors.knows(path)).toBe(false);
    }
    expect(vendors.knows('/own/model/a/converse')).toBe(true);
    expect(() => vendors.match('GET', '/own/model/a/converse')).toThrow('This path allows POST only.');
  });

  it('names the methods that a path has', () => {
    expect(() => table.match('PUT', '/v1/models')).toThrow('This path allows GET only.');
  });

  it('A5.5: relays what stands nowhere else, under the longest context', () => {
    const vendors = new RouteTable('/models/');
    vendors.add('/own', { method: 'POST', path: '/chat/completions', versioned: true, endpoint }, proxy('own'));
    const relay = (name: string) => [{ template: '/*', method: 'GET', endpoint, proxy: proxy(name), policies: null }];
    vendors.addContext('/own', relay('own'));
    vendors.addContext('/own/proxy', []);
    vendors.addContext('/own/proxy/other', relay('other'));
    const at = (method: string, path: string) => {
      try {
        return vendors.relayAt(method, path)?.route.proxy?.name ?? null;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(vendors.lookUp('GET', '/own/files')).toBeNull();
    expect(at('GET', '/own/files')).toBe('own');
    expect(at('GET', '/own/files/a/content')).toBe('own');
    expect(at('GET', '/own/proxy/files')).toBe('not_found');
    expect(at('GET', '/own/proxy/other/files')).toBe('other');
    expect(at('HEAD', '/own/files')).toBe('method_not_allowed');
    expect(at('GET', '/own/Chat/completions')).toBe('not_found');
    expect([at('GET', '/own'), at('GET', '/owner/files'), at('GET', '/files')]).toEqual([null, null, null]);
    expect(new RouteTable('/models/').relayAt('GET', '/own/files')).toBeNull();
  });

  it('A5.5: a context at the root has what no other context has', () => {
    const vendors = new RouteTable('/models/');
    const relay = [{ template: '/*', method: 'GET', endpoint, proxy: proxy('root'), policies: null }];
    vendors.addContext('', relay);
    vendors.addContext('/proxy', []);
    expect(vendors.relayAt('GET', '/files')?.route.proxy?.name).toBe('root');
    expect(vendors.relayAt('GET', '/a/b')?.route.proxy?.name).toBe('root');
    expect(() => vendors.relayAt('GET', '/proxy/a')).toThrow('nothing at this path');
  });
});
