/** The database URL that Prisma's CLI hands over as `--datasource '{"url": ...}'`; undefined for commands without one. */
export function datasourceUrl(args) {
  const at = args.indexOf('--datasource');
  return at < 0 ? undefined : JSON.parse(args[at + 1] ?? '{}').url;
}

/** The database's name in a Postgres URL. */
export const databaseName = (url) => decodeURIComponent(new URL(url).pathname.slice(1));

/** The same server, another database. */
export function onDatabase(url, database) {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

/** A name as a quoted SQL identifier. */
export const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
