import type { Gateway } from '../gateway.ts';
import type { SupervisorMessage, WorkerMessage } from './messages.ts';

const READINESS_INTERVAL_MS = 100;

/** Connects a worker's gateway to its supervisor. `drain` is called when it should end, or when the supervisor is gone. */
export function connectToSupervisor(gateway: Gateway, drain: () => void): void {
  const send = (message: WorkerMessage): void => {
    process.send?.(message, undefined, undefined, () => undefined);
  };
  let told: boolean | undefined;
  const tellReadiness = (): void => {
    if (!gateway.hasStarted || gateway.isReady === told) return;
    told = gateway.isReady;
    send({ kind: 'readiness', ready: told });
  };
  setInterval(tellReadiness, READINESS_INTERVAL_MS).unref();
  process.on('disconnect', drain);
  process.on('message', (message: SupervisorMessage) => {
    if (message.kind === 'drain') drain();
    else if (message.kind === 'hurry') gateway.hurry();
    else void tellMetrics(message.id);
  });

  async function tellMetrics(id: number): Promise<void> {
    send({ kind: 'metrics', id, records: await gateway.metrics.registry.json() });
  }
}
