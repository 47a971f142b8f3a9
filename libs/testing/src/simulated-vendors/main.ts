import { startSimulatedVendors } from './simulated-vendors.ts';

/** Seven ports in a row: one for each vendor, in alphabetical order. */
const vendors = await startSimulatedVendors({
  firstPort: Number(process.env['SIMULATED_VENDORS_FIRST_PORT'] ?? 18_100),
});
process.stdout.write(`${JSON.stringify(vendors.urls)}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void vendors.stop().then(() => process.exit(0)));
