import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { runSql } from '../services/postgres.mjs';
import { withCatalogChar } from './catalog-char.mjs';
import { onDatabase, quoted } from './datasource.mjs';

/** The schema that a database is read against when no other is given. */
export const emptySchema = [['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n']];

const nowhere = 'postgresql://127.0.0.1:1/none'; // for methods that never connect

let bindings;
async function loadBindings() {
  if (bindings) return bindings;
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) };
  const module = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const bytes = fs.readFileSync(path.join(path.dirname(entry), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': module });
  module.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  bindings = module;
  return bindings;
}

/** Opens the engine on a database; without a URL only methods that need no database work. */
export async function openEngine(url = nowhere) {
  const { SchemaEngine } = await loadBindings();
  const factory = new PrismaPg({ connectionString: url });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => withCatalogChar(await connect());
  return SchemaEngine.new({ datamodels: emptySchema }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

/** Runs `work(engine)` on a new empty database, which is dropped afterwards: what Prisma calls the shadow database. */
export async function onScratchDatabase(url, work) {
  const name = `penstock_scratch_${crypto.randomUUID().replaceAll('-', '')}`;
  const admin = onDatabase(url, 'postgres');
  await runSql(admin, `create database ${quoted(name)}`);
  let engine;
  try {
    engine = await openEngine(onDatabase(url, name));
    return await work(engine);
  } finally {
    engine?.free();
    await runSql(admin, `drop database if exists ${quoted(name)} with (force)`);
  }
}
