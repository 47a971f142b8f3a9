import net from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort, requireFreePort, waitForPort } from './ports.mjs';

let server;
afterEach(() => server?.close());

async function listen() {
  server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

describe('requireFreePort', () => {
  it('accepts a port that nobody uses', async () => {
    await expect(requireFreePort(await freePort(), 'the test')).resolves.toBeUndefined();
  });

  it('names the port and its owner in one sentence when it is in use', async () => {
    const port = await listen();
    await expect(requireFreePort(port, 'the gateway')).rejects.toThrow(
      `Port ${port} for the gateway is already in use; stop what listens there, or start with another --port-offset.`,
    );
  });
});

describe('waitForPort', () => {
  it('returns once the port accepts connections', async () => {
    await expect(waitForPort(await listen())).resolves.toBeUndefined();
  });

  it('gives up at once when the server process has ended', async () => {
    const child = { exitCode: 1, signalCode: null };
    await expect(waitForPort(await freePort(), { child, owner: 'Redis' })).rejects.toThrow('Redis ended before');
  });
});
