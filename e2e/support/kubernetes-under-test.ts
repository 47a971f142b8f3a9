import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type KubeObject, type SimulatedKubernetes, startSimulatedKubernetes } from '@penstock/testing';
import { parse } from 'yaml';

const definitionsFolder = path.resolve(import.meta.dirname, '../../deploy/kubernetes/crds');
const TOKEN = 'test-token';

/** An answer that is no success. */
export class KubernetesRefusal extends Error {
  override readonly name = 'KubernetesRefusal';
  readonly status: number;

  constructor(request: string, status: number, text: string) {
    super(`${request} was answered ${status}: ${text}`);
    this.status = status;
  }
}

/** An object as tests look at it. */
export type TestObject = KubeObject & {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly secretName?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
    }[];
  };
};

/**
 * The Kubernetes that the operator is tested with: a simulated API server, or a real one that PENSTOCK_KUBERNETES_URL and
 * PENSTOCK_KUBERNETES_TOKEN name (by hand; there is none in CI). Its certificate is not checked.
 */
export interface KubernetesUnderTest {
  /** What KUBECONFIG must name. */
  readonly kubeConfigFile: string;
  /** Null for a real one. */
  readonly simulation: SimulatedKubernetes | null;
  /** Throws {@link KubernetesRefusal}. */
  call<Answer = TestObject>(method: string, path: string, body?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** Connects to the real API server or starts a simulated one, and installs the custom resource definitions. */
export async function openKubernetes(): Promise<KubernetesUnderTest> {
  const url = process.env['PENSTOCK_KUBERNETES_URL'];
  const definitions = readDefinitions();
  const simulation = url ? null : await startSimulatedKubernetes({ definitions, token: TOKEN, bookmarkMs: 500 });
  const token = url ? (process.env['PENSTOCK_KUBERNETES_TOKEN'] ?? '') : TOKEN;
  const server = url ?? simulation?.url ?? '';
  const folder = mkdtempSync(path.join(os.tmpdir(), 'penstock-kubernetes-'));
  const kubeConfigFile = path.join(folder, 'config');
  writeFileSync(kubeConfigFile, JSON.stringify(kubeConfig(server, token)));
  const call = <Answer>(method: string, at: string, body?: unknown): Promise<Answer> =>
    request<Answer>({ server, token, method, path: at, body });
  if (!simulation) await install(call, definitions);
  const stop = async (): Promise<void> => {
    await simulation?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { kubeConfigFile, simulation, call, stop };
}

function readDefinitions(): readonly object[] {
  return readdirSync(definitionsFolder).map(
    (name) => parse(readFileSync(path.join(definitionsFolder, name), 'utf8')) as object,
  );
}

async function install(call: KubernetesUnderTest['call'], definitions: readonly object[]): Promise<void> {
  for (const definition of definitions) {
    const { name } = (definition as KubeObject).metadata;
    const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const current = await call('GET', `${collection}/${name}`).catch(() => undefined);
    if (!current) await call('POST', collection, definition);
    else {
      const { resourceVersion } = current.metadata;
      await call('PUT', `${collection}/${name}`, { ...definition, metadata: { name, resourceVersion } });
    }
  }
}

function kubeConfig(server: string, token: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  };
}

interface Request {
  readonly server: string;
  readonly token: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function request<Answer>({ server, token, method, path: at, body }: Request): Promise<Answer> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const response = await fetch(`${server}${at}`, {
    method,
    // A connection that is kept would be the one that a stopped server has closed.
    headers: { authorization: `Bearer ${token}`, 'content-type': type, connection: 'close' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok) throw new KubernetesRefusal(`${method} ${at}`, response.status, text);
  return JSON.parse(text) as Answer;
}
