import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { endResponse } from './end-response.ts';

let server: Server;
let client: Socket;

afterEach(() => {
  client.destroy();
  server.close();
});

/** The response to a client that reads nothing yet. */
async function responseFor(): Promise<ServerResponse> {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  return response;
}

describe('endResponse', () => {
  it('sets no timeout for an answer that is out at once', async () => {
    const response = await responseFor();
    const setTimeout = jest.spyOn(response, 'setTimeout');
    endResponse(response, 'short');
    expect(setTimeout).not.toHaveBeenCalled();
  });

  it('times out a client that does not read the rest, and closes its connection', async () => {
    const response = await responseFor();
    endResponse(response, Buffer.alloc(64 * 1024 * 1024));
    const { socket } = response;
    expect(socket?.timeout).toBe(60_000);
    socket?.emit('timeout');
    await once(response, 'close');
    expect([socket?.destroyed, response.writableFinished]).toEqual([true, false]);
  });

  it('leaves no timeout to the next answer on the connection', async () => {
    const response = await responseFor();
    endResponse(response, Buffer.alloc(16 * 1024 * 1024));
    const { socket } = response;
    expect(socket?.timeout).toBe(60_000);
    client.resume();
    await once(response, 'finish');
    expect(socket?.timeout).not.toBe(60_000);
  });
});
