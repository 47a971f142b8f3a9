import { attachOrStart } from './start-platform.ts';

/** Starts Penstock once for all test files of a run, or attaches to the one that PENSTOCK_READY_FILE names. */
// oxlint-disable-next-line import/no-default-export -- Jest's interface
export default async function globalSetup() {
  const platform = await attachOrStart();
  globalThis.penstockPlatform = platform;
  process.env.PENSTOCK_READY_FILE = platform.readyFile;
}
