import { once } from 'node:events';
import { createOperationsServer, type OperationsSources, type Logger } from '@penstock/telemetry';
import type { GatewaySettings } from './config/gateway-settings.ts';
import type { Gateway } from './gateway.ts';
import { Supervisor } from './workers/supervisor.ts';
import { connectToSupervisor } from './workers/worker-channel.ts';

type Addresses = Pick<GatewaySettings, 'host' | 'port' | 'operationsHost' | 'operationsPort' | 'workers'>;

/** Runs one gateway in this process until a signal ends it. */
export async function runAlone(gateway: Gateway, addresses: Addresses, logger: Logger): Promise<void> {
  const { port } = await gateway.start({ host: addresses.host, port: addresses.port, shared: false });
  // After the data plane's port, so that whoever waits for `/health` finds a gateway that listens.
  await openOperations(addresses, { metrics: () => gateway.metrics.registry.text(), isReady: () => gateway.isReady });
  logger.info({ host: addresses.host, port, operationsPort: addresses.operationsPort }, 'listening');
  onSignal(
    () => exitAfter(gateway.drain(), logger),
    () => gateway.hurry(),
  );
}

/** Runs one of several gateways that share a port; its supervisor speaks for it. */
export async function runWorker(gateway: Gateway, addresses: Addresses, logger: Logger): Promise<void> {
  const drain = (): void => exitAfter(gateway.drain(), logger);
  // A terminal signals the whole group: what comes twice, by signal and by message, must not count as two wishes.
  onSignal(drain, drain);
  connectToSupervisor(gateway, drain);
  const { port } = await gateway.start({ host: addresses.host, port: addresses.port, shared: true });
  logger.info({ host: addresses.host, port }, 'listening');
}

/** Starts the workers, and runs the operations port for all of them. */
export async function runSupervisor(script: string, addresses: Addresses, logger: Logger): Promise<void> {
  const supervisor = new Supervisor({ script, workers: addresses.workers, logger });
  supervisor.start();
  onSignal(
    () => exitAfter(supervisor.stop(), logger),
    () => supervisor.hurry(),
  );
  await supervisor.started;
  await openOperations(addresses, { metrics: () => supervisor.metrics(), isReady: () => supervisor.isReady });
}

async function openOperations(addresses: Addresses, sources: OperationsSources): Promise<void> {
  const server = createOperationsServer(sources);
  server.listen({ host: addresses.operationsHost, port: addresses.operationsPort });
  await once(server, 'listening');
}

const SAME_WISH_MS = 1000;

function onSignal(first: () => void, further: () => void): void {
  let firstAt = 0;
  const listener = (): void => {
    if (firstAt === 0) first();
    // A terminal's Ctrl-C and a parent that passes it on are one wish.
    else if (performance.now() - firstAt > SAME_WISH_MS) further();
    firstAt ||= performance.now();
  };
  process.on('SIGTERM', listener);
  process.on('SIGINT', listener);
}

function exitAfter(work: Promise<void>, logger: Logger): void {
  work.then(
    () => process.exit(0),
    (error: unknown) => {
      logger.error({ err: error }, 'the gateway could not end cleanly');
      process.exit(1);
    },
  );
}
