import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type Logger, MetricsRegistry } from '@penstock/telemetry';
import { AppLogger } from './app-logger.ts';

/** Log and metrics. */
@Global()
@Module({})
export class TelemetryModule {
  static forRoot(logger: Logger): DynamicModule {
    const providers = [
      { provide: AppLogger, useValue: new AppLogger(logger) },
      { provide: MetricsRegistry, useValue: new MetricsRegistry({ processMetrics: true }) },
    ];
    return { module: TelemetryModule, providers, exports: providers };
  }
}
