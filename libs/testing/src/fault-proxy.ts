import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { resetConnection } from './reset-connection.ts';

/** A TCP proxy on the loopback interface whose connection to `targetPort` can be cut, delayed and silenced. */
export class FaultProxy {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  #mode: 'open' | 'cut' | 'hang' = 'open';
  /** Delay of each piece of data in both directions. */
  latencyMs = 0;

  constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((client) => this.#accept(client));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** Resets all connections and every new one. */
  cut(): void {
    this.#mode = 'cut';
    this.resetAll();
  }

  /** Swallows everything from now on, without closing anything. */
  hang(): void {
    this.#mode = 'hang';
  }

  restore(): void {
    const wasHanging = this.#mode === 'hang';
    this.#mode = 'open';
    // What was swallowed is missing in the middle of those connections.
    if (wasHanging) this.resetAll();
  }

  resetAll(): void {
    for (const socket of this.#sockets) resetConnection(socket);
  }

  stop(): Promise<void> {
    this.resetAll();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    this.#track(client);
    if (this.#mode === 'cut') {
      resetConnection(client);
      return;
    }
    const target = connect(this.#targetPort, '127.0.0.1');
    this.#track(target);
    this.#forward(client, target);
    this.#forward(target, client);
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #forward(from: Socket, to: Socket): void {
    from.on('data', (data) => {
      if (this.#mode === 'hang') return;
      if (this.latencyMs === 0) to.write(data);
      else setTimeout(() => to.destroyed || to.write(data), this.latencyMs);
    });
    from.once('close', () => to.destroy());
  }
}

/** Starts one on a free port. */
export async function startFaultProxy({ targetPort }: { readonly targetPort: number }): Promise<FaultProxy> {
  const proxy = new FaultProxy(targetPort);
  await proxy.listen();
  return proxy;
}
