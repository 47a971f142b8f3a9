import { Redactor } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import { readConfig } from './config/env.ts';
import { onTermination, reportStartFailure } from './process-lifecycle.ts';
import { startWorker } from './worker/start-worker.ts';

try {
  const config = readConfig(process.env);
  const logger = createLogger({ name: 'worker', level: config.logLevel, redactor: new Redactor() });
  const worker = await startWorker({ config, logger });
  onTermination(logger, () => worker.stop());
} catch (error) {
  reportStartFailure('worker', error);
}
