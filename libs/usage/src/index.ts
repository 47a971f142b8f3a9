export type { Clock } from './clock.ts';
export { costOf, priceAt, type TokenPrice } from './cost.ts';
export { createUsageSink, type SpooledUsageSink, type UsageSinkOptions } from './create-usage-sink.ts';
export { estimateTokens, maxTokens } from './estimate-tokens.ts';
export type { OpenedUsage, OpenUsage, UsageSink } from './usage-sink.ts';
export type { PoisonEntry } from './consume/read-entries.ts';
export { UsageStreamConsumer, type UsageStreamConsumerOptions } from './consume/usage-stream-consumer.ts';
