export { aggregateMetrics } from './aggregate-metrics.ts';
export { OTHER_LABEL_VALUE } from './label-sets.ts';
export { createLogger, type LogDestination, type Logger, type LoggerOptions } from './logger.ts';
export { type Aggregator, MetricFamily } from './metric-family.ts';
export { CounterSeries, GaugeSeries, HistogramSeries } from './metric-series.ts';
export { type LabelDefinition, type MetricRecord, MetricsRegistry } from './metrics-registry.ts';
export { withoutSecretFields } from './secret-fields.ts';
export { createOperationsServer, type OperationsSources } from './operations-server.ts';
