import { endOfLastEvent } from '../sse/event-boundary.ts';

/** No vendor sends a larger event. */
const MAX_EVENT_BYTES = 4 * 1024 * 1024;

/** Cuts the chunks of a stream into whole events, however they are split. */
export class WholeEvents {
  #carry: Buffer[] = [];
  #carryBytes = 0;

  /** An event grew beyond the bound. */
  get isTooLarge(): boolean {
    return this.#carryBytes > MAX_EVENT_BYTES;
  }

  /** The bytes of all events that are complete now; null while none is. The chunk itself when it holds whole events only. */
  push(chunk: Buffer): Buffer | null {
    if (this.#carryBytes === 0) return this.#take(chunk);
    this.#carry.push(chunk);
    this.#carryBytes += chunk.length;
    const first = chunk[0];
    // A blank line may be cut in two: then the chunk begins with its second half.
    if (first !== 0x0a && first !== 0x0d && endOfLastEvent(chunk) < 0) return null;
    return this.#take(this.end());
  }

  /** What is left: an event whose blank line is missing, or part of one. */
  end(): Buffer {
    const [only] = this.#carry;
    const rest = this.#carry.length === 1 && only !== undefined ? only : Buffer.concat(this.#carry);
    this.#carry = [];
    this.#carryBytes = 0;
    return rest;
  }

  #take(bytes: Buffer): Buffer | null {
    const end = endOfLastEvent(bytes);
    if (end === bytes.length) return bytes;
    const rest = end < 0 ? bytes : bytes.subarray(end);
    this.#carry = [rest];
    this.#carryBytes = rest.length;
    return end < 0 ? null : bytes.subarray(0, end);
  }
}
