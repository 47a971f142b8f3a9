import { runInThisContext } from 'node:vm';

/** Where Node keeps what its fetch sends requests with. */
const DISPATCHER = 'undici.globalDispatcher.1';

/**
 * Gives the test's global object the dispatcher of Node's fetch. Jest runs tests in a context whose global object lacks it,
 * and @google/genai looks for it there.
 */
export function shareGlobalDispatcher(): void {
  const dispatcher: unknown = runInThisContext(`new Headers(); globalThis[Symbol.for('${DISPATCHER}')]`);
  Object.defineProperty(globalThis, Symbol.for(DISPATCHER), { configurable: true, value: dispatcher });
}
