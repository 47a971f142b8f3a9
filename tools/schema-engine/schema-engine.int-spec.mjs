import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSql } from '../services/postgres.mjs';
import { onDatabase } from './datasource.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const engine = path.join(root, 'tools/schema-engine.mjs');
const admin = process.env.DATABASE_URL;
const database = (name) => onDatabase(admin, name);

const schema = (fields) => `
generator client {
  provider = "prisma-client"
  output   = "./generated"
}

datasource db {
  provider = "postgresql"
}

model Pipe {
  id String @id @default(uuid(7)) @db.Uuid
  ${fields}
}
`;

let folder;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-schema-engine-'));
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  write(
    'prisma.config.ts',
    `export default { schema: 'schema.prisma', datasource: { url: process.env.DATABASE_URL } };\n`,
  );
  write('schema.prisma', schema('diameter Int'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const write = (name, text) => fs.writeFileSync(path.join(folder, name), text);

function prisma(url, ...args) {
  const env = { ...process.env, DATABASE_URL: url, PRISMA_SCHEMA_ENGINE_BINARY: engine, CI: 'true' };
  const command = [path.join(root, 'node_modules/prisma/build/index.js'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr });
    });
  });
}

const tables = async (url) =>
  (
    await runSql(url, `select table_name from information_schema.tables where table_schema = 'public' order by 1`)
  ).rows.map((row) => row.table_name);

// One story, told in order: each step starts from what the one before left.
describe('the Prisma CLI on this schema engine', () => {
  const development = database('engine_development');
  const production = database('engine_production');
  const drift = ['migrate', 'diff', '--from-migrations', 'migrations', '--to-schema', 'schema.prisma', '--exit-code'];

  it('migrate dev creates the database and the first migration', async () => {
    const { code, output } = await prisma(development, 'migrate', 'dev', '--name', 'init');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('init') });
    expect(await tables(development)).toEqual(['Pipe', '_prisma_migrations']);
  });

  it('migrate deploy applies it to a database that does not exist yet', async () => {
    expect(await prisma(production, 'migrate', 'deploy')).toMatchObject({ code: 0 });
    expect(await tables(production)).toEqual(['Pipe', '_prisma_migrations']);
  });

  it('migrate status says that the database is up to date', async () => {
    expect(await prisma(production, 'migrate', 'status')).toMatchObject({
      code: 0,
      output: expect.stringContaining('up to date'),
    });
  });

  it('migrate diff finds no drift between the migrations and the schema', async () => {
    expect(await prisma(production, ...drift)).toMatchObject({ code: 0 });
  });

  it('migrate diff exits with 2 and names what a changed schema adds', async () => {
    write('schema.prisma', schema('diameter Int\n  material String?'));
    expect(await prisma(production, ...drift)).toMatchObject({ code: 2, output: expect.stringContaining('material') });
  });

  it('migrate deploy refuses when a migration has failed before', async () => {
    fs.mkdirSync(path.join(folder, 'migrations/29990101000000_broken'));
    write('migrations/29990101000000_broken/migration.sql', 'select no_such_column;');
    expect(await prisma(production, 'migrate', 'deploy')).toMatchObject({
      code: 1,
      output: expect.stringContaining('no_such_column'),
    });
    expect(await prisma(production, 'migrate', 'deploy')).toMatchObject({
      code: 1,
      output: expect.stringContaining('failed'),
    });
    fs.rmSync(path.join(folder, 'migrations/29990101000000_broken'), { recursive: true });
  });

  it('migrate reset empties the database and applies the migrations again', async () => {
    await runSql(production, 'create table stray (id int)');
    expect(await prisma(production, 'migrate', 'reset', '--force')).toMatchObject({ code: 0 });
    expect(await tables(production)).toEqual(['Pipe', '_prisma_migrations']);
  });

  it('fails with P1001 when no server answers', async () => {
    const nowhere = 'postgresql://nobody:nothing@127.0.0.1:1/none';
    expect(await prisma(nowhere, 'migrate', 'deploy')).toMatchObject({
      code: 1,
      output: expect.stringContaining('P1001'),
    });
  });
});
