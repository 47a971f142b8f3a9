#!/usr/bin/env node
// Drop-in for Prisma's native schema engine, which the CLI would otherwise download at every start: the same two faces
// (a JSON-RPC server on stdio, and a few database commands), answered by the WebAssembly engine that npm ships.
import { runDatabaseCommand } from './schema-engine/database-command.mjs';
import { datasourceUrl } from './schema-engine/datasource.mjs';
import { serveJsonRpc } from './schema-engine/json-rpc.mjs';
import { createMethods } from './schema-engine/methods.mjs';

const args = process.argv.slice(2);
const url = datasourceUrl(args);
const command = args.indexOf('cli');
if (command >= 0) {
  process.exitCode = await runDatabaseCommand(args[command + 1], url);
} else {
  await serveJsonRpc(createMethods(url));
  process.exit(0); // the CLI has hung up; open connections hold nothing that matters
}
