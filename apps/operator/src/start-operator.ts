import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { KubeConfig } from '@kubernetes/client-node';
import { createOperationsServer, type Logger } from '@penstock/telemetry';
import { AdminClient } from './admin/admin-client.ts';
import type { OperatorConfig } from './config/operator-config.ts';
import { Controller } from './controller.ts';
import { HttpKubeApi } from './kubernetes/http-kube-api.ts';
import { KubeConnection } from './kubernetes/kube-connection.ts';
import { LeaderElection } from './leader/leader-election.ts';
import { OperatorMetrics } from './operations/operator-metrics.ts';
import { KeyDelivery } from './reconcile/key-delivery.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import type { SecretScrubber } from './reconcile/secret-scrubber.ts';
import { sleep } from './sleep.ts';

const LEASE = 'penstock-operator';

/** A running operator. */
export interface Operator {
  /** Of the operations server. */
  readonly port: number;
  /** Ends what is being worked on, gives the Lease back, and resolves. */
  stop(): Promise<void>;
}

export interface OperatorParts {
  readonly config: OperatorConfig;
  readonly kubeConfig: KubeConfig;
  readonly logger: Logger;
  readonly scrubber: SecretScrubber;
}

/** Puts all parts together and starts them. */
export async function startOperator({ config, kubeConfig, logger, scrubber }: OperatorParts): Promise<Operator> {
  const api = new HttpKubeApi(new KubeConnection(kubeConfig));
  const admin = new AdminClient(config.controlPlane, config.token);
  const metrics = new OperatorMetrics();
  const keys = new KeyDelivery({ api, admin, scrubber });
  const reconciler = new Reconciler({ api, admin, keys, scrubber, operator: config.name, clock: () => new Date() });
  const end = new AbortController();
  let controller: Controller | undefined;
  const lead = async (turn: AbortSignal): Promise<void> => {
    logger.info({ identity: config.identity }, 'Leading');
    metrics.leads(true);
    const { namespaces, concurrency, resyncMs, retryMaxMs } = config;
    controller = new Controller({ api, reconciler, metrics, logger, namespaces, concurrency, resyncMs, retryMaxMs });
    await controller.run(turn);
    controller = undefined;
    metrics.leads(false);
    logger.info({ identity: config.identity }, 'No longer leading');
  };
  const election = new LeaderElection({
    api,
    namespace: config.ownNamespace,
    name: LEASE,
    identity: config.identity,
    leaseMs: config.leaseMs,
    clock: () => Date.now(),
    sleep,
    onFault: (error) => logger.warn({ err: error }, 'The Lease could not be read or written'),
  });
  const server = createOperationsServer({
    metrics: () => metrics.registry.text(),
    isReady: () => controller?.isSynced ?? config.leaderElection,
  });
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const running = config.leaderElection ? election.run(end.signal, lead) : lead(end.signal);
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      end.abort();
      await running;
      server.close();
      server.closeAllConnections();
    },
  };
}
