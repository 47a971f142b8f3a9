import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { listRoutes, requireDeclaredAccess, type RouteDescription } from './route-access.ts';

let app: TestApp;
let routes: RouteDescription[];
let viewer: string;
beforeAll(async () => {
  app = await startTestApp();
  routes = listRoutes(app.nest);
  viewer = (await app.call('POST', '/admin-tokens', { body: { name: 'viewer', role: 'viewer' } })).body.token;
});
afterAll(() => app.stop());

/** The URL of a route, with something for its parameters. */
const urlOf = ({ path, access }: RouteDescription) => {
  const prefix = access === 'internal' || path.startsWith('api/') ? '' : '/api/v1';
  return `${prefix}/${path.replace(/^\//, '').replace(':name', 'x').replace(':id', '01a1fdab-d35b-7669-8226-8861475fe802').replace(':key', 'key').replace(':revision', '1')}`;
};
const methodOf = ({ method }: RouteDescription) => method as 'GET';

describe('access to routes', () => {
  it('is declared by every route, and a forgotten one stops the start', () => {
    expect(routes.length).toBeGreaterThan(60);
    expect(() => requireDeclaredAccess(routes)).not.toThrow();
    const forgotten = { controller: 'X', method: 'GET', path: '/x', access: undefined };
    expect(() => requireDeclaredAccess([...routes, forgotten])).toThrow('GET /x (X)');
  });

  it('is public for the login alone', () => {
    expect(routes.filter(({ access }) => access === 'public').map(({ path }) => path)).toEqual(['auth/login']);
  });

  it('needs more than a viewer for whatever is not a GET, but for leaving and for asking what would happen', () => {
    const lax = routes.filter(({ method, access }) => method !== 'GET' && access === 'viewer');
    expect(lax.map(({ path }) => path).toSorted()).toEqual(['auth/logout', 'config/explain']);
  });

  it('is refused to everybody who is not known, on every route', async () => {
    for (const route of routes.filter(({ access }) => access !== 'public')) {
      const answer = await app.fetch(methodOf(route), urlOf(route), {
        token: null,
        ...(route.method !== 'GET' && { body: {} }),
      });
      expect({ route, status: answer.status }).toEqual({ route, status: 401 });
    }
  });

  it('is refused to a viewer on every route that asks for more', async () => {
    for (const route of routes.filter(({ access }) => access === 'admin' || access === 'owner')) {
      const answer = await app.fetch(methodOf(route), urlOf(route), {
        token: viewer,
        ...(route.method !== 'GET' && { body: {} }),
      });
      expect({ route, status: answer.status }).toEqual({ route, status: 403 });
    }
  });
});
