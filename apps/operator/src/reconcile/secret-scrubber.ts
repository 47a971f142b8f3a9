/** Shortest text that is taken for a secret: shorter ones would take words out of every message. */
const SHORTEST = 6;
const REPLACEMENT = '[secret]';

/** Takes credentials that the operator has seen out of what it tells. */
export class SecretScrubber {
  readonly #values = new Set<string>();

  add(value: string): void {
    if (value.length < SHORTEST) return;
    this.#values.add(value);
    // As it stands within JSON.
    this.#values.add(JSON.stringify(value).slice(1, -1));
  }

  scrub(text: string): string {
    let scrubbed = text;
    for (const value of this.#values) scrubbed = scrubbed.replaceAll(value, REPLACEMENT);
    return scrubbed;
  }
}
