import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../services/problem.mjs';

/**
 * The secrets of this installation, made on the first run and kept in `secrets.json` (0600), so that a second start logs in
 * and prints the same. `save(changes)` adds to them.
 */
export function openSecrets(data) {
  const file = path.join(data, 'secrets.json');
  const secrets = fs.existsSync(file) ? read(file) : create(process.env);
  const save = (changes) => {
    Object.assign(secrets, changes);
    fs.writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    fs.chmodSync(file, 0o600);
  };
  save({});
  return { secrets, save };
}

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Problem(`${file} cannot be read (${error.message}); restore it, or start afresh with --reset.`);
  }
}

function create(env) {
  return {
    masterKey: env.PENSTOCK_MASTER_KEY ?? randomBytes(32).toString('base64'),
    adminEmail: env.PENSTOCK_ADMIN_EMAIL ?? 'admin@penstock.local',
    adminPassword: env.PENSTOCK_ADMIN_PASSWORD ?? randomBytes(15).toString('base64url'),
    adminToken: env.PENSTOCK_ADMIN_TOKEN ?? `pat_${randomBytes(32).toString('base64url')}`,
    internalToken: env.PENSTOCK_INTERNAL_TOKEN ?? randomBytes(32).toString('base64url'),
    virtualKey: null,
  };
}
