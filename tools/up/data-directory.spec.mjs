import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimDataDirectory, detachedLog, makeLogFolder, releaseDataDirectory } from './data-directory.mjs';

let data;
beforeEach(() => (data = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-data-'))));
afterEach(() => fs.rmSync(data, { recursive: true, force: true }));

describe('a data folder that is reset', () => {
  it('holds nothing of earlier runs, but the log that is being written', () => {
    const logs = makeLogFolder(data);
    for (const name of [detachedLog, 'gateway.log']) fs.writeFileSync(path.join(logs, name), 'x');
    fs.mkdirSync(path.join(data, 'postgres'));
    fs.writeFileSync(path.join(data, 'secrets.json'), '{}');
    fs.writeFileSync(path.join(data, 'mine.txt'), 'not of Penstock');
    claimDataDirectory(data, { reset: true });
    expect(fs.readdirSync(data).toSorted()).toEqual(['logs', 'mine.txt', 'up.pid']);
    expect(fs.readdirSync(logs)).toEqual([detachedLog]);
    releaseDataDirectory(data);
  });

  it('keeps everything where it is not reset', () => {
    fs.writeFileSync(path.join(data, 'secrets.json'), '{}');
    claimDataDirectory(data, { reset: false });
    expect(fs.readdirSync(data).toSorted()).toEqual(['logs', 'secrets.json', 'up.pid']);
    releaseDataDirectory(data);
  });
});
