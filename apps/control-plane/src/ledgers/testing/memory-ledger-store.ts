import type { ApplicableLimit } from '@penstock/rate-limiting';
import type { LedgerRaise, LedgerState, LedgerStore } from '../ledger-store.ts';

/** Ledgers that a test sets; every other one is missing. */
export class MemoryLedgerStore implements LedgerStore {
  /** The window that all ledgers are in. */
  window = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 1, 1) };
  readonly spent = new Map<string, number>();
  readonly raised: LedgerRaise[] = [];
  reserved = 0;
  #seeded = new Set<string>();
  readonly #attempts = new Map<string, string>();

  async read(applicable: readonly ApplicableLimit[]): Promise<readonly LedgerState[]> {
    return applicable.map((limit) => ({
      applicable: limit,
      windowStartMs: this.window.startMs,
      windowEndMs: this.window.endMs,
      spent: this.spent.get(limit.subject) ?? 0,
      reserved: this.reserved,
      pledged: 0,
      missing: !this.spent.has(limit.subject),
    }));
  }

  async raise(entries: readonly LedgerRaise[]): Promise<void> {
    this.raised.push(...entries);
    for (const { applicable, by } of entries) {
      this.spent.set(applicable.subject, (this.spent.get(applicable.subject) ?? 0) + by);
    }
  }

  async seeded(organizationId: string): Promise<boolean> {
    return this.#seeded.has(organizationId);
  }

  async beginReseed(organizationId: string, token: string): Promise<void> {
    this.#attempts.set(organizationId, token);
  }

  async finishReseed(organizationId: string, token: string): Promise<boolean> {
    if (this.#attempts.get(organizationId) !== token) return false;
    this.#seeded.add(organizationId);
    return true;
  }

  async markSeeded(organizationId: string): Promise<void> {
    this.#seeded.add(organizationId);
  }

  forget(): void {
    this.#seeded.clear();
    this.#attempts.clear();
    this.spent.clear();
  }
}
