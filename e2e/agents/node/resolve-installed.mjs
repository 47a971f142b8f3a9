// For `node --import`: packages are looked for where `npm run e2e:clients` has installed them.
import { registerHooks } from 'node:module';

const installed = new URL('../../../.penstock/clients/package.json', import.meta.url).href;
const here = new URL('./', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const isOurs = context.parentURL?.startsWith(here) && /^[@a-z]/.test(specifier) && !specifier.includes(':');
    return next(specifier, isOurs ? { ...context, parentURL: installed } : context);
  },
});
