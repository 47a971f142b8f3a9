import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readOperatorConfig } from './operator-config.ts';

const least = { PENSTOCK_CONTROL_PLANE_URL: 'http://cp:3000', PENSTOCK_TOKEN: 'pat_x' };

describe('readOperatorConfig', () => {
  it('needs to know the control plane and a token, and has an answer for the rest', () => {
    const config = readOperatorConfig({
      ...least,
      PENSTOCK_OPERATOR_NAMESPACES: '',
      POD_NAMESPACE: 'penstock',
      POD_NAME: 'op-1',
    });
    expect(config).toMatchObject({ namespaces: undefined, port: 3003, resyncMs: 300_000, ownNamespace: 'penstock' });
    expect(config.identity).toMatch(/^op-1_[0-9a-f]{8}$/);
    expect(config.token()).toBe('pat_x');
    expect(readOperatorConfig({ ...least, PENSTOCK_OPERATOR_NAMESPACES: ' a, b ,' }).namespaces).toEqual(['a', 'b']);
  });

  it('reads a mounted token each time', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'penstock-token-'));
    const file = path.join(folder, 'token');
    writeFileSync(file, 'pat_1\n');
    const { token } = readOperatorConfig({ ...least, PENSTOCK_TOKEN_FILE: file });
    expect(token()).toBe('pat_1');
    writeFileSync(file, 'pat_2\n');
    expect(token()).toBe('pat_2');
    rmSync(folder, { recursive: true });
  });

  it.each([
    [{ PENSTOCK_TOKEN: 'pat_x' }, 'PENSTOCK_CONTROL_PLANE_URL'],
    [{ PENSTOCK_CONTROL_PLANE_URL: 'http://cp:3000' }, 'set PENSTOCK_TOKEN_FILE or PENSTOCK_TOKEN'],
    [{ ...least, PENSTOCK_OPERATOR_CONCURRENCY: '0' }, 'PENSTOCK_OPERATOR_CONCURRENCY'],
    [{ ...least, PENSTOCK_TOKEN_FILE: '/nowhere/token' }, 'PENSTOCK_TOKEN_FILE cannot be read'],
  ])('refuses %o', (environment, message) => {
    expect(() => readOperatorConfig(environment)).toThrow(message);
  });
});
