import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resetConnection } from './reset-connection.ts';

let server: Server;
let accepted: Socket;
let peer: Socket;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  peer = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
  [accepted] = (await once(server, 'connection')) as [Socket];
});
afterEach(() => {
  peer.destroy();
  server.close();
});

describe('resetConnection', () => {
  it('resets', async () => {
    const error = once(peer, 'error');
    resetConnection(accepted);
    expect((await error)[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  it('closes a connection that is being ended', async () => {
    accepted.end();
    // By then Node has asked for the end, and the system has not been told.
    process.nextTick(resetConnection, accepted);
    await once(accepted, 'close'); // fails when the socket emits an error
    expect(accepted.destroyed).toBe(true);
  });
});
