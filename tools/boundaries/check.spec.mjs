import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkBoundaries } from './check.mjs';

const planted = [
  'apps/console/src/main.tsx banned-package node:os',
  'apps/console/src/main.tsx direction @canary/usage',
  'apps/control-plane/src/main.ts banned-package react',
  'apps/control-plane/src/main.ts undeclared react',
  'apps/gateway/src/main.ts app-import @canary/control-plane',
  'apps/gateway/src/main.ts banned-package @nestjs/core',
  'apps/gateway/src/main.ts banned-package @prisma/client',
  'apps/gateway/src/main.ts confined-package undici',
  'apps/gateway/src/main.ts undeclared @nestjs/core',
  'libs/contracts/src/index.ts banned-package ioredis',
  'libs/contracts/src/index.ts banned-package node:fs',
  'libs/contracts/src/index.ts undeclared ioredis',
  'libs/dialects/src/index.ts banned-package node:http',
  'libs/dialects/src/index.ts direction @canary/usage',
  'libs/dialects/src/index.ts undeclared @canary/usage',
  'libs/dialects/src/inner/index.ts inner-barrel ',
  'libs/untagged/project.json tags ',
  'libs/usage/src/index.ts deep-import @canary/contracts/src/index.ts',
  'libs/usage/src/index.ts leaves-package ../../dialects/src/inner/index.ts',
  'libs/usage/src/index.ts testing-import ./testing/fixture.ts',
  'libs/usage/src/index.ts testing-import @canary/testing',
  'libs/usage/src/index.ts undeclared @canary/testing',
];

describe('the boundary check', () => {
  it('finds exactly the violations planted in the canary', async () => {
    const { violations } = await checkBoundaries(path.join(import.meta.dirname, 'canary'));
    expect(violations.map(({ file, rule, specifier }) => `${file} ${rule} ${specifier}`).toSorted()).toEqual(planted);
  });

  it('reads the files of this repository', async () => {
    const { files, imports } = await checkBoundaries(path.resolve(import.meta.dirname, '../..'));
    expect(files).toBeGreaterThan(100);
    expect(imports).toBeGreaterThan(files);
  });
});
