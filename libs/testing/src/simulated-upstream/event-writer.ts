import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from './behaviour.ts';

/** Writes server-sent events in the framing that the behaviour asks for, with backpressure. */
export class EventWriter {
  readonly #response: ServerResponse;
  readonly #behaviour: Behaviour;

  constructor(response: ServerResponse, behaviour: Behaviour) {
    this.#response = response;
    this.#behaviour = behaviour;
  }

  writeEvent(data: unknown): Promise<void> {
    const json = JSON.stringify(data);
    const lines = this.#behaviour.oddFraming
      ? [': comment', `data:${json.slice(0, 1)}`, `data: ${json.slice(1)}`]
      : [`data: ${json}`];
    return this.writeLines(lines);
  }

  /** Writes the lines of one event and its blank line. */
  writeLines(lines: readonly string[]): Promise<void> {
    const { lineEnd } = this.#behaviour;
    return this.write(Buffer.from(lines.map((line) => line + lineEnd).join('') + lineEnd));
  }

  async write(bytes: Buffer): Promise<void> {
    const { pieceBytes } = this.#behaviour;
    if (pieceBytes === undefined) return this.#send(bytes);
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      await this.#send(bytes.subarray(start, start + pieceBytes));
      // Lets the piece leave on its own.
      await delay(0);
    }
  }

  #send(bytes: Buffer): Promise<void> {
    const response = this.#response;
    if (response.destroyed || response.write(bytes)) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        response.off('drain', go);
        response.off('close', go);
        resolve();
      };
      response.on('drain', go);
      response.on('close', go);
    });
  }
}
