import { afterEach, describe, expect, it } from '@jest/globals';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type SimulatedUpstream, startSimulatedUpstream } from './simulated-upstream/simulated-upstream.ts';

const started: (SimulatedUpstream | FaultProxy)[] = [];
afterEach(async () => {
  for (const server of started.splice(0).toReversed()) await server.stop();
});

async function start() {
  const upstream = await startSimulatedUpstream();
  const proxy = await startFaultProxy({ targetPort: upstream.port });
  started.push(upstream, proxy);
  const get = (): Promise<number> =>
    fetch(`http://127.0.0.1:${proxy.port}/health`, { signal: AbortSignal.timeout(300) }).then(({ status }) => status);
  return { proxy, get };
}

describe('FaultProxy', () => {
  it('passes data on until it is cut, and again after it is restored', async () => {
    const { proxy, get } = await start();
    expect(await get()).toBe(200);
    proxy.cut();
    await expect(get()).rejects.toThrow();
    proxy.restore();
    expect(await get()).toBe(200);
  });

  it('hangs without closing anything', async () => {
    const { proxy, get } = await start();
    proxy.hang();
    await expect(get()).rejects.toThrow(/timeout/i);
  });
});
