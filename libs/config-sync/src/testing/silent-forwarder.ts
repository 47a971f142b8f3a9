import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Forwards TCP connections and can make those that are open die without a sign, as a lost network does. */
export class SilentForwarder {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #silent = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<SilentForwarder> {
    const forwarder = new SilentForwarder(createServer((inbound) => forwarder.#forward(inbound, port)));
    forwarder.#server.listen(0, '127.0.0.1');
    await once(forwarder.#server, 'listening');
    return forwarder;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** From now on nothing passes on the connections that are open; new ones work. */
  silence(): void {
    for (const socket of this.#sockets) this.#silent.add(socket.unpipe().pause());
    this.#sockets.clear();
  }

  close(): void {
    this.#server.close();
    for (const socket of [...this.#sockets, ...this.#silent]) socket.destroy();
  }

  #forward(inbound: Socket, port: number): void {
    const outbound = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
