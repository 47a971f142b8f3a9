import { Redactor } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import { readConfig } from './config/env.ts';
import { onTermination, reportStartFailure } from './process-lifecycle.ts';
import { startControlPlane } from './start-control-plane.ts';

try {
  const config = readConfig(process.env);
  const redactor = new Redactor();
  const logger = createLogger({ name: 'control-plane', level: config.logLevel, redactor });
  const controlPlane = await startControlPlane({ config, logger, redactor });
  onTermination(logger, () => controlPlane.stop());
} catch (error) {
  reportStartFailure('control plane', error);
}
