import type { SnapshotSecret } from '@penstock/contracts';
import { type ReferenceSources, resolveReferences, type SecretOwner } from '@penstock/secrets';

/** Where the values of references come from. */
export interface SecretServices {
  /** Throws for what was sealed under another key or for another secret. */
  readonly open: (sealed: string, owner: SecretOwner) => string;
  /** Of the environment variables that documents may name; undefined for every other one. */
  readonly env: (name: string) => string | undefined;
}

const SETTING = /^(-?\d{1,12}(\.\d+)?|true|false)$/;

/** The secrets of a snapshot, opened where something refers to them. */
export class ReferencedSecrets {
  readonly #byName: ReadonlyMap<string, SnapshotSecret>;
  readonly #services: SecretServices;
  readonly #revealed = new Set<string>();
  #lookUps = 0;

  constructor(secrets: readonly SnapshotSecret[], services: SecretServices) {
    this.#byName = new Map(secrets.map((secret) => [keyOf(secret.organizationId, secret.name), secret]));
    this.#services = services;
  }

  /** The text with its references resolved; of an organization's own secrets alone. Throws with the reason, which holds no value. */
  resolve(organizationId: string, text: string): string {
    return resolveReferences(text, this.of(organizationId));
  }

  /** Where the references of an organization's documents find their values. */
  of(organizationId: string): ReferenceSources {
    return {
      secret: (name) => {
        this.#lookUps += 1;
        const secret = this.#byName.get(keyOf(organizationId, name));
        return secret && this.#reveal(this.#services.open(secret.sealedValue, secret));
      },
      env: (name) => {
        this.#lookUps += 1;
        return this.#reveal(this.#services.env(name));
      },
    };
  }

  /** How many references were looked up so far: what looked none up depends on no secret. */
  get lookUps(): number {
    return this.#lookUps;
  }

  /** The values that were put in place of references, to be kept out of logs. */
  get revealed(): Iterable<string> {
    return this.#revealed;
  }

  #reveal<Value extends string | undefined>(value: Value): Value {
    // Numbers and booleans are settings, and would garble every log line that has the same one.
    if (value !== undefined && !SETTING.test(value)) this.#revealed.add(value);
    return value;
  }
}

const keyOf = (organizationId: string, name: string): string => `${organizationId}/${name}`;
