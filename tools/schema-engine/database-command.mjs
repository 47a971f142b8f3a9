import { runSql } from '../services/postgres.mjs';
import { databaseName, onDatabase, quoted } from './datasource.mjs';

const commands = {
  'can-connect-to-database': (url) => runSql(url, 'select 1'),
  'create-database': (url) => runSql(onDatabase(url, 'postgres'), `create database ${quoted(databaseName(url))}`),
  'drop-database': (url) =>
    runSql(onDatabase(url, 'postgres'), `drop database if exists ${quoted(databaseName(url))} with (force)`),
};

/** Runs one `schema-engine cli` command and returns the exit code; errors go to stderr as the CLI expects them. */
export async function runDatabaseCommand(name, url) {
  const command = commands[name];
  if (!command) return refuse('P9999', `The command ${name} is unknown to this schema engine.`);
  try {
    await command(url);
    return 0;
  } catch (error) {
    const database = databaseName(url);
    if (error.code === '3D000')
      return refuse('P1003', `Database \`${database}\` does not exist`, { database_name: database });
    return refuse('P1001', `Can't reach the database server: ${error.message}`);
  }
}

function refuse(code, message, meta = {}) {
  const fields = { is_panic: false, message, meta, error_code: code };
  const line = { timestamp: new Date().toISOString(), level: 'ERROR', target: 'schema_engine::logger', fields };
  process.stderr.write(`{"level":"INFO"}\n${JSON.stringify(line)}\n`); // the CLI skips the first line
  return 1;
}
