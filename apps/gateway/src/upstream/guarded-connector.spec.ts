import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AddressGuard } from './address-guard.ts';
import { guardedConnector } from './guarded-connector.ts';

const server = createServer((socket) => socket.end());
let port = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
});
afterAll(() => void server.close());

const dial = (hostname: string, allowed: readonly string[]) =>
  new Promise<string>((resolve) => {
    guardedConnector(new AddressGuard(allowed), 1000)({ hostname, protocol: 'http:', port }, (error, socket) => {
      socket?.destroy();
      resolve(error ? ((error as NodeJS.ErrnoException).code ?? error.message) : 'connected');
    });
  });

describe('guardedConnector', () => {
  it('checks an address that stands in the URL', async () => {
    expect(await dial('127.0.0.1', [])).toBe('ADDRESS_NOT_ALLOWED');
    expect(await dial('127.0.0.1', ['127.0.0.0/8'])).toBe('connected');
  });

  it('checks what a name resolves to, in the lookup that the socket uses', async () => {
    expect(await dial('localhost', [])).toBe('ADDRESS_NOT_ALLOWED');
    expect(await dial('localhost', ['127.0.0.0/8'])).toBe('connected');
  });
});
