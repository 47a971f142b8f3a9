import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readResults } from './results.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-results-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function written(report) {
  const file = path.join(folder, 'report.json');
  fs.writeFileSync(file, JSON.stringify(report));
  return file;
}

describe('readResults', () => {
  it('counts a test file of jest that could not be loaded as a failure', () => {
    const file = written({ numPassedTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 2 });
    expect(readResults({ format: 'jest', file })).toEqual({ passed: 3, failed: 3 });
  });

  it('counts what Playwright reports beside its tests as a failure', () => {
    const file = written({
      stats: { expected: 4, flaky: 1, unexpected: 1, skipped: 2 },
      errors: [{ message: 'no server' }],
    });
    expect(readResults({ format: 'playwright', file })).toEqual({ passed: 5, failed: 2 });
  });

  it('knows nothing without a report', () => {
    expect(readResults({ format: 'jest', file: path.join(folder, 'missing.json') })).toBeUndefined();
  });
});
