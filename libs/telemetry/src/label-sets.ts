/** What a label's value becomes when it is not one of the configured ones. */
export const OTHER_LABEL_VALUE = 'other';

/** Without a configured set, a label takes its first values only. */
const MAX_FREE_VALUES = 100;

/**
 * Bounds the values of labels, so that no caller can make the number of series grow. A label with a configured set takes only
 * its values; one without takes the first 100 that turn up. All else is `other`.
 */
export class LabelSets {
  readonly #configured = new Map<string, ReadonlySet<string>>();
  readonly #free = new Map<string, Set<string>>();

  configure(label: string, values: Iterable<string>): void {
    this.#configured.set(label, new Set(values));
  }

  /** The value itself or `other`; an absent label is empty and stays so. */
  bound(label: string, value: string): string {
    if (value === '') return value;
    const configured = this.#configured.get(label);
    if (configured) return configured.has(value) ? value : OTHER_LABEL_VALUE;
    let free = this.#free.get(label);
    if (!free) this.#free.set(label, (free = new Set()));
    if (free.has(value)) return value;
    if (free.size >= MAX_FREE_VALUES) return OTHER_LABEL_VALUE;
    free.add(value);
    return value;
  }
}
