import { readFileSync } from 'node:fs';

/** Where a running Penstock is and how to log in: the line of JSON that `npm run up` prints after `ready`. */
export interface ReadyDocument {
  readonly gateway: string;
  readonly gatewayOperations: string;
  readonly controlPlane: string;
  readonly console: string;
  readonly simulatedUpstream: string | null;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly adminToken: string;
  /** Secret of the demo key; null with `--no-demo`. */
  readonly virtualKey: string | null;
  /** Process ids by server; the first of each is the one that was started, the others are its children. */
  readonly pids: Readonly<Record<string, readonly number[]>>;
}

/** The document in the output of `npm run up`; undefined as long as its line is not complete. */
export function findReadyLine(output: string): ReadyDocument | undefined {
  const line = /^ready (\{.*\})\n/m.exec(output)?.[1];
  return line === undefined ? undefined : (JSON.parse(line) as ReadyDocument);
}

/** @throws when the file is missing or no JSON */
export function readReadyFile(file: string): ReadyDocument {
  return JSON.parse(readFileSync(file, 'utf8')) as ReadyDocument;
}
