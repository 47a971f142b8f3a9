// The direction of ARCHITECTURE.md §3. A project must satisfy the entry of every tag that it carries.

const nest = ['@nestjs/*', 'nestjs-pino'];
const prisma = ['@prisma/*', 'prisma'];
const react = ['react', 'react-dom', 'react-*', '@mantine/*', '@tanstack/*'];
const network = ['ioredis', 'undici', 'pg', 'fastify', '@fastify/*'];
const nodeIo = [
  'fs',
  'fs/*',
  'net',
  'http',
  'https',
  'http2',
  'tls',
  'dgram',
  'dns',
  'dns/*',
  'child_process',
  'cluster',
  'worker_threads',
].map((name) => `node:${name}`);

/**
 * `libs`: tags of which an imported workspace package must carry one. `banned`: packages that source files must not import.
 * `allowed`: the only packages that they may import. Patterns end in `*` to match a prefix.
 */
export const tagRules = {
  'type:app': { libs: ['type:contracts', 'type:domain', 'type:infra'] },
  'type:e2e': { libs: ['type:contracts', 'type:domain', 'type:infra', 'type:testing'] },
  'type:infra': { libs: ['type:contracts', 'type:domain', 'type:infra'], banned: [...nest, ...prisma, ...react] },
  'type:testing': { libs: ['type:contracts', 'type:domain', 'type:testing'], banned: [...nest, ...prisma, ...react] },
  'type:domain': {
    libs: ['type:contracts', 'type:domain'],
    banned: [...nest, ...prisma, ...react, ...network, ...nodeIo, 'pino'],
  },
  'type:contracts': { libs: ['type:contracts'], allowed: ['zod'] },
  'plane:control': { libs: ['plane:shared'], banned: react },
  'plane:data': { libs: ['plane:data', 'plane:shared'], banned: [...nest, ...prisma, ...react] },
  'plane:console': { libs: ['type:contracts'], banned: [...nest, ...prisma, ...network, 'node:*'] },
  'plane:tools': { libs: ['type:contracts'], banned: [...nest, ...prisma, ...react] },
  'plane:operator': { libs: ['plane:shared'], banned: [...nest, ...prisma, ...react] },
  'plane:shared': { libs: ['plane:shared'] },
};

/** Packages that only one folder of a project may import: adapters build requests, this folder sends them. */
export const confinedPackages = [
  { project: 'gateway', packages: ['undici'], folder: 'src/upstream/' },
  { project: 'operator', packages: ['undici'], folder: 'src/kubernetes/' },
];

/** Files that are no part of the product: they may use libs/testing and the root's development packages. */
export const isTestFile = (file) =>
  /\.(spec|int-spec|e2e-spec|test|config)\.tsx?$/.test(file) ||
  /conformance/.test(file) ||
  inTestingFolder(file) ||
  file.startsWith('e2e/');

/** What a library's tests share; its product files must not import it. */
export const inTestingFolder = (file) =>
  /^(apps|libs)\/[^/]+\/src\/(.+\/)?testing\//.test(file) && !file.startsWith('libs/testing/');
