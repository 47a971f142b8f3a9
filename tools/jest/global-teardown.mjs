import fs from 'node:fs';

/** Stops what `global-setup.mjs` started and removes its files. */
export default async function globalTeardown() {
  const services = globalThis.penstockServices;
  if (!services) return;
  globalThis.penstockServices = undefined;
  await services.postgres.stop();
  fs.rmSync(services.dir, { recursive: true, force: true });
}
