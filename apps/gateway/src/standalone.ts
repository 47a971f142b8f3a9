import { randomBytes } from 'node:crypto';
import { deriveKeys, hashVirtualKey, Redactor } from '@penstock/secrets';
import { createLogger } from '@penstock/telemetry';
import { readGatewaySettings } from './config/gateway-settings.ts';
import { createGateway } from './create-gateway.ts';
import { failStart } from './fail-start.ts';
import { runAlone } from './run-gateway.ts';
import { standaloneBackends } from './standalone/standalone-backends.ts';
import { readStandaloneSettings } from './standalone/standalone-settings.ts';
import { standaloneSnapshot } from './standalone/standalone-snapshot.ts';
import { warmUp } from './warm-up.ts';

/** Private networks, where a server of one's own stands; metadata addresses are never dialled. */
const OWN_NETWORKS = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
];

const redactor = new Redactor();

async function run(): Promise<void> {
  const standalone = readStandaloneSettings(process.env);
  const logger = createLogger({ name: 'gateway', level: standalone.logLevel, redactor });
  // Nothing outlives the process, so neither does its key.
  const keys = deriveKeys(randomBytes(32).toString('base64'));
  const settings = {
    ...readGatewaySettings(process.env),
    host: standalone.host,
    port: standalone.port,
    operationsPort: standalone.operationsPort,
    workers: 1,
    maxBodyBytes: standalone.maxBodyBytes,
    upstreamAllowRanges: OWN_NETWORKS,
  };
  const snapshot = standaloneSnapshot(standalone, (token) => hashVirtualKey(token, keys.virtualKeyPepper));
  const backends = standaloneBackends(snapshot);
  await warmUp({ settings, keys }, settings.warmUpRequests);
  const { circuitBreaker } = standalone;
  const gateway = createGateway({
    settings,
    instanceId: 'standalone',
    keys,
    backends,
    redactor,
    logger,
    circuitBreaker,
  });
  if (standalone.bearerToken !== undefined) redactor.register(standalone.bearerToken);
  await runAlone(gateway, settings, logger);
}

try {
  await run();
} catch (error) {
  failStart(error, redactor);
}
