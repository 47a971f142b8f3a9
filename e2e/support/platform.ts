import { AdminApi } from './admin-api.ts';
import { readMetric } from './metrics.ts';
import { type ReadyDocument, readReadyFile } from './ready-document.ts';

export { startPlatform } from './start-platform.ts';

/** The running Penstock that the tests of a run share. */
export class Platform {
  readonly ready: ReadyDocument;
  readonly admin: AdminApi;

  constructor(ready: ReadyDocument) {
    this.ready = ready;
    this.admin = new AdminApi(ready.controlPlane, ready.adminToken);
  }

  /** Sum over the series of one of the gateway's metrics. */
  metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    return readMetric(`${this.ready.gatewayOperations}/metrics`, name, labels);
  }
}

/** Attaches to the Penstock that the global setup started. */
export function openPlatform(): Platform {
  const file = process.env['PENSTOCK_READY_FILE'];
  if (!file) throw new Error('PENSTOCK_READY_FILE is not set: the global setup did not run.');
  return new Platform(readReadyFile(file));
}
