import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redactor } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import { readConfig } from './config/env.ts';
import { createApp } from './create-app.ts';
import { createDocument } from './openapi/create-document.ts';

/** Where the committed description lies. */
const FILE = path.resolve(import.meta.dirname, '../openapi.json');

/** The description as it is committed. Nothing is connected to. */
export async function renderOpenApi(): Promise<string> {
  const config = readConfig({
    DATABASE_URL: 'postgresql://nowhere.invalid/none',
    REDIS_URL: 'redis://nowhere.invalid',
    PENSTOCK_MASTER_KEY: randomBytes(32).toString('base64'),
  });
  const logger = createLogger({ name: 'openapi', level: 'silent' });
  const app = await createApp({ config, logger, redactor: new Redactor() });
  return `${JSON.stringify(createDocument(app), null, 2)}\n`;
}

/** What is committed now. */
export function committedOpenApi(): string {
  return readFileSync(FILE, 'utf8');
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(FILE, await renderOpenApi());
  process.exit(0); // the application was never started, but its pools keep timers
}
