import type { Backends } from '../backends.ts';
import type { CompiledConfig } from '../config/compiled-config.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

/** Sets the metrics that are looked up rather than counted; called before each exposition. */
export function updateGauges(metrics: GatewayMetrics, backends: Backends, config: CompiledConfig): void {
  const now = performance.now();
  for (const { name, breakers } of config.providers.values()) metrics.setCircuit(name, breakers.worst(now));
  metrics.limiterDegraded.set(backends.limiter.degraded ? 1 : 0);
  metrics.configStaleness.set(backends.source.stalenessMs() / 1000);
  metrics.usageSpooled.set(backends.sink.pending);
  metrics.countDroppedUsage(backends.sink.dropped);
}
