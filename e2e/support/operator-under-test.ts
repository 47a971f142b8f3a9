import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@penstock/testing';
import type { KubernetesUnderTest } from './kubernetes-under-test.ts';
import { readMetric } from './metrics.ts';
import { ServerProcess } from './server-process.ts';

export interface OperatorUnderTest {
  readonly process: ServerProcess;
  /** All that it has logged so far. */
  log(): string;
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** Ends it and removes its log. */
  dispose(): Promise<void>;
}

/** An operator in a process of its own, to be started; it looks after one namespace. */
export async function openOperator(
  kubernetes: KubernetesUnderTest,
  { controlPlane, token, namespace }: { controlPlane: string; token: string; namespace: string },
): Promise<OperatorUnderTest> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'penstock-operator-'));
  const logFile = path.join(folder, 'operator.log');
  const port = await freePort();
  const process = new ServerProcess({
    name: 'the operator',
    script: 'apps/operator/src/main.ts',
    env: {
      KUBECONFIG: kubernetes.kubeConfigFile,
      PENSTOCK_CONTROL_PLANE_URL: controlPlane,
      PENSTOCK_TOKEN: token,
      PENSTOCK_OPERATOR_NAMESPACES: namespace,
      PENSTOCK_OPERATOR_PORT: String(port),
      PENSTOCK_OPERATOR_RESYNC_SECONDS: '2',
      PENSTOCK_OPERATOR_RETRY_MAX_SECONDS: '1',
      PENSTOCK_OPERATOR_LEASE_SECONDS: '4',
      POD_NAMESPACE: namespace,
      LOG_LEVEL: 'debug',
    },
    healthUrl: `http://127.0.0.1:${port}/ready`,
    logFile,
  });
  return {
    process,
    log: () => readFileSync(logFile, 'utf8'),
    metric: (name, labels = {}) => readMetric(`http://127.0.0.1:${port}/metrics`, name, labels),
    dispose: async () => {
      await process.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
