import type { LimitCharge, Reservation } from './rate-limiter.ts';

/** A reservation that Redis holds until it is settled. */
export class OpenReservation implements Reservation {
  readonly id: string;
  readonly charges: readonly LimitCharge[];
  readonly local = false;
  readonly reservedAtMs: number;
  /** Where it stands among the open ones, theirs to set; -1: nowhere. */
  slot = -1;

  constructor({ id, charges, reservedAtMs }: Pick<OpenReservation, 'id' | 'charges' | 'reservedAtMs'>) {
    this.id = id;
    this.charges = charges;
    this.reservedAtMs = reservedAtMs;
  }
}

/**
 * The reservations of this process that are not settled, so that they can be held again when Redis has lost its data. Slots, not
 * a Map: one that grows and shrinks all the time keeps what it once held alive.
 */
export class OpenReservations {
  readonly #maxOpen: number;
  readonly #slots: (OpenReservation | null)[] = [];
  readonly #free: number[] = [];

  /** Beyond so many, further ones are not remembered. */
  constructor(maxOpen: number) {
    this.#maxOpen = maxOpen;
  }

  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  add(reservation: OpenReservation): void {
    const slot = this.#free.pop() ?? this.#slots.length;
    if (slot >= this.#maxOpen) return;
    this.#slots[slot] = reservation;
    reservation.slot = slot;
  }

  /** Also takes a copy of one that was added, and does nothing for one that is not here. */
  delete(reservation: Reservation): void {
    const { slot = -1 } = reservation as Partial<OpenReservation>;
    if (this.#slots[slot]?.id !== reservation.id) return;
    this.#slots[slot] = null;
    this.#free.push(slot);
  }

  has({ slot, id }: OpenReservation): boolean {
    return this.#slots[slot]?.id === id;
  }

  /** Those that are open now. */
  list(): OpenReservation[] {
    return this.#slots.filter((reservation) => reservation !== null);
  }
}
