import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HostTables } from './host-tables.ts';
import { RouteTable } from './route-table.ts';

const endpoint = { handle: () => undefined };

function tableWith(...paths: readonly string[]): RouteTable {
  const table = new RouteTable('/models/');
  for (const path of paths) table.add('', { method: 'GET', path, versioned: false, endpoint }, null);
  return table;
}

/** The most particular host of those that match and have the path. */
function reference(hosts: ReadonlyMap<string, RouteTable>, host: string, path: string): RouteTable | undefined {
  const matching = [...hosts.keys()].filter(
    (name) => name === host || (name.startsWith('*.') && host.endsWith(name.slice(1))),
  );
  const order = matching.toSorted((a, b) => Number(b === host) - Number(a === host) || b.length - a.length);
  return order.map((name) => hosts.get(name)).find((table) => table?.knows(path));
}

describe('HostTables', () => {
  it('A5.8: ignores ports, case and the dot at the end of a full name', () => {
    const table = tableWith('/x');
    const hosts = new HostTables(new Map([['api.example.com', table]]));
    for (const host of ['api.example.com', 'API.Example.com:8443', 'api.example.com.', 'api.example.com.:80']) {
      expect(hosts.find(host, '/x')).toBe(table);
    }
    for (const host of ['example.com', 'b.api.example.com', '[::1]:80', '']) {
      expect(hosts.find(host, '/x')).toBeUndefined();
    }
    expect(hosts.find('api.example.com', '/y')).toBeUndefined();
  });

  it('A5.8: agrees with the naive reference: exact hosts before wildcards, longer ones before shorter', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    const host = fc.tuple(fc.boolean(), name).map(([wildcard, one]) => (wildcard ? `*.${one}` : one));
    const table = fc.boolean().map((has) => tableWith(...(has ? ['/x'] : [])));
    fc.assert(
      fc.property(fc.array(fc.tuple(host, table), { maxLength: 6 }), name, (entries, asked) => {
        const tables = new Map(entries);
        expect(new HostTables(tables).find(asked, '/x')).toBe(reference(tables, asked, '/x'));
      }),
      { numRuns: 1_000 },
    );
  });
});
