import { deriveKeys, Redactor } from '@penstock/secrets';
import { createLogger, type Logger } from '@penstock/telemetry';
import { type GatewaySettings, readGatewaySettings } from './config/gateway-settings.ts';
import { connectedBackends } from './connected-backends.ts';
import { createGateway } from './create-gateway.ts';
import { failStart } from './fail-start.ts';
import { readInstanceId } from './instance-id.ts';
import { runAlone, runSupervisor, runWorker } from './run-gateway.ts';
import { warmUp } from './warm-up.ts';
import { WORKER_VARIABLE } from './workers/messages.ts';

const redactor = new Redactor();

async function run(settings: GatewaySettings, logger: Logger): Promise<void> {
  const keys = deriveKeys(settings.masterKey);
  const workerVariable = process.env[WORKER_VARIABLE];
  if (settings.workers > 1 && workerVariable === undefined) {
    readInstanceId(settings.dataDirectory);
    return runSupervisor(import.meta.filename, settings, logger);
  }
  const instance = readInstanceId(settings.dataDirectory);
  const instanceId = settings.workers > 1 ? `${instance}-${workerVariable}` : instance;
  const backends = connectedBackends({ settings, instanceId, keys, logger });
  await warmUp({ settings, keys }, settings.warmUpRequests);
  const gateway = createGateway({ settings, instanceId, keys, backends, redactor, logger });
  if (workerVariable === undefined) await runAlone(gateway, settings, logger);
  else await runWorker(gateway, settings, logger);
}

try {
  const settings = readGatewaySettings(process.env);
  await run(settings, createLogger({ name: 'gateway', level: settings.logLevel, redactor }));
} catch (error) {
  failStart(error, redactor);
}
