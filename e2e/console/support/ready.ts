import { readFileSync } from 'node:fs';

/** What `npm run up` says about the installation under test. */
export interface Ready {
  readonly gateway: string;
  readonly console: string;
  readonly simulatedUpstream: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
}

/** Reads the file that `npm run up` has written before it printed its last line. */
export function readReady(): Ready {
  const file = process.env['PENSTOCK_READY_FILE'];
  if (!file) throw new Error('PENSTOCK_READY_FILE does not name the ready.json of a running installation.');
  return JSON.parse(readFileSync(file, 'utf8')) as Ready;
}
