import path from 'node:path';

// Run through `npm run jest`: native ES modules need Node's --experimental-vm-modules and the pinned Node.
const rootDir = import.meta.dirname;
const tool = (name) => path.join(rootDir, 'tools/jest', name);

const typescript = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2024',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    // Nest reads constructor types at run time.
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
};
const react = {
  ...typescript,
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic' } },
  },
};

const node = {
  rootDir,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', typescript] },
  modulePathIgnorePatterns: ['/dist/', '/tools/api-types/', '/tools/boundaries/canary/', '/.penstock/', '/.nx/'],
  restoreMocks: true,
  setupFiles: [tool('one-realm.mjs')],
};
const withServices = {
  ...node,
  testEnvironment: tool('services-environment.mjs'),
  setupFilesAfterEnv: [tool('timeout.mjs')],
  globalSetup: tool('global-setup.mjs'),
  globalTeardown: tool('global-teardown.mjs'),
};

export default {
  watchman: false,
  coverageProvider: 'v8',
  coveragePathIgnorePatterns: ['/node_modules/', '/generated/', '/tools/jest/'],
  projects: [
    {
      ...node,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/libs/*/src/**/*.spec.ts',
        '<rootDir>/apps/{gateway,control-plane,cli,operator}/src/**/*.spec.ts',
        '<rootDir>/e2e/limits/history/*.spec.ts',
        '<rootDir>/tools/**/*.spec.mjs',
      ],
    },
    {
      ...withServices,
      displayName: 'integration',
      globals: { testTimeoutMs: 20_000 },
      testMatch: [
        '<rootDir>/libs/*/src/**/*.int-spec.ts',
        '<rootDir>/apps/*/src/**/*.int-spec.ts',
        '<rootDir>/tools/**/*.int-spec.mjs',
      ],
    },
    {
      ...node,
      displayName: 'console',
      testEnvironment: 'jsdom',
      testMatch: ['<rootDir>/apps/console/src/**/*.spec.{ts,tsx}'],
      extensionsToTreatAsEsm: ['.ts', '.tsx'],
      transform: { '\\.tsx?$': ['@swc/jest', react] },
      moduleNameMapper: { '\\.css$': tool('empty-stylesheet.mjs') },
      setupFiles: [tool('one-realm.mjs'), tool('browser-setup.mjs')],
    },
    {
      ...withServices,
      displayName: 'e2e',
      globals: { testTimeoutMs: 60_000 },
      testMatch: ['<rootDir>/e2e/{gateway,faults,limits,conformance,sdks}/**/*.e2e-spec.ts'],
    },
    {
      // Through `npm run e2e:clients`, which installs what they drive.
      ...withServices,
      displayName: 'agents',
      globals: { testTimeoutMs: 120_000 },
      testMatch: ['<rootDir>/e2e/agents/**/*.e2e-spec.ts'],
    },
    {
      ...node,
      displayName: 'platform',
      // One Penstock for all files, started as a user starts it, or the one that PENSTOCK_READY_FILE names.
      globalSetup: path.join(rootDir, 'e2e/support/global-setup.mjs'),
      globalTeardown: path.join(rootDir, 'e2e/support/global-teardown.mjs'),
      setupFilesAfterEnv: [tool('timeout.mjs')],
      globals: { testTimeoutMs: 60_000 },
      testMatch: ['<rootDir>/e2e/{platform,clients}/**/*.e2e-spec.ts'],
    },
  ],
};
