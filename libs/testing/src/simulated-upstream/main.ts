import { startSimulatedUpstream } from './simulated-upstream.ts';

/** Paced like a small model, so that streams can be watched. */
const behaviour = { firstTokenDelayMs: 30, tokenDelayMs: 15, outputTokens: 24 };

const upstream = await startSimulatedUpstream({
  port: Number(process.env['SIMULATED_UPSTREAM_PORT'] ?? 18_000),
  behaviour,
});
process.stdout.write(`simulated upstream on ${upstream.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void upstream.stop().then(() => process.exit(0)));
