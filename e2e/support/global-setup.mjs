import { attachOrStart } from './start-platform.ts';

/** Starts Penstock once for all test files of a run, or attaches to the one that PENSTOCK_READY_FILE names. */
// oxlint-disable-next-line import/no-default-export -- Jest's interface
export default async function globalSetup() {
  const starting = attachOrStart();
  // Jest leaves without its teardown when it is interrupted.
  const leave = () => process.exit(1);
  const stop = () => void starting.then((platform) => platform.stop()).then(leave, leave);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
  const platform = await starting;
  globalThis.penstockPlatform = platform;
  process.env.PENSTOCK_READY_FILE = platform.readyFile;
}
