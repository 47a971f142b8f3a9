/** Stops what `global-setup.mjs` started. */
// oxlint-disable-next-line import/no-default-export -- Jest's interface
export default async function globalTeardown() {
  await globalThis.penstockPlatform?.stop();
}
