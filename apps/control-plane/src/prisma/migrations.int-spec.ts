import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../../../..');

describe('the migrations', () => {
  it('make exactly what schema.prisma says', async () => {
    const prisma = path.join(root, 'node_modules/prisma/build/index.js');
    const check = [
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [prisma, ...check], {
      cwd: root,
      env: { ...process.env },
    });
    expect(stdout).toContain('No difference detected');
  });
});
