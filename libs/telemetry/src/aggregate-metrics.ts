import { AggregatorRegistry } from 'prom-client';
import type { MetricRecord } from './metrics-registry.ts';

/** The text exposition of several processes as one: each metric is added up as its aggregator says. */
export async function aggregateMetrics(parts: readonly (readonly MetricRecord[])[]): Promise<string> {
  return AggregatorRegistry.aggregate(parts as Parameters<typeof AggregatorRegistry.aggregate>[0]).metrics();
}
