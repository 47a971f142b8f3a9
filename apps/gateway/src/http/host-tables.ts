import type { RouteMatch, RouteTable } from './route-table.ts';

/** With the dot at the end of a full host name, which says nothing more. */
const PORT = /\.?(?::\d+)?$/;

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
    return this.#of(hostHeader, (table) => (table.knows(path) ? table : undefined));
  }

  /** What is relayed there, where nothing stands at the path. Throws GatewayError as {@link RouteTable.relayAt} does. */
  relayAt(hostHeader: string, method: string, path: string): RouteMatch | undefined {
    return this.#of(hostHeader, (table) => table.relayAt(method, path) ?? undefined);
  }

  #of<Found>(hostHeader: string, look: (table: RouteTable) => Found | undefined): Found | undefined {
    const host = hostHeader.replace(PORT, '').toLowerCase();
    for (let at = 0, name = host; name !== ''; at = host.indexOf('.', at + 1), name = at < 0 ? '' : host.slice(at)) {
      const table = this.#tables.get(name);
      const found = table && look(table);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
