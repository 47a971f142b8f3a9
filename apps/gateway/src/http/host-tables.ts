import type { RouteTable } from './route-table.ts';

const PORT = /:\d+$/;

/** What stands under particular hosts. Everything else is served on all of them. */
export class HostTables {
  /** By host, and by what follows the `*` of a wildcard. */
  readonly #tables: ReadonlyMap<string, RouteTable>;

  /** `tables`: by host name in lower case, such as `api.example.com` or `*.example.com`. */
  constructor(tables: ReadonlyMap<string, RouteTable>) {
    this.#tables = new Map([...tables].map(([host, table]) => [host.startsWith('*.') ? host.slice(1) : host, table]));
  }

  /** The table of a host that has something at the path: its own before those of wildcards, the longest one first. */
  find(hostHeader: string, path: string): RouteTable | undefined {
    const host = hostHeader.replace(PORT, '').toLowerCase();
    for (let at = 0, name = host; name !== ''; at = host.indexOf('.', at + 1), name = at < 0 ? '' : host.slice(at)) {
      const table = this.#tables.get(name);
      if (table?.knows(path)) return table;
    }
    return undefined;
  }
}
