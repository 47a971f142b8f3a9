import { defineConfig } from 'prisma/config';

// Prisma's CLI would download a native schema engine at every start; ours answers the same protocol from npm's wasm build.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= `${import.meta.dirname}/tools/schema-engine.mjs`;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // The fallback is where `npm run up` puts its own Postgres; `prisma generate` never connects.
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://penstock:penstock@127.0.0.1:15432/penstock' },
});
