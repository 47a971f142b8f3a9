import type { SnapshotSecret } from '@penstock/contracts';
import { resolveReferences, type SecretOwner } from '@penstock/secrets';

/** Where the values of references come from. */
export interface SecretServices {
  /** Throws for what was sealed under another key or for another secret. */
  readonly open: (sealed: string, owner: SecretOwner) => string;
  /** Of the environment variables that documents may name; undefined for every other one. */
  readonly env: (name: string) => string | undefined;
}

/** The secrets of a snapshot, opened where something refers to them. */
export class ReferencedSecrets {
  readonly #byName: ReadonlyMap<string, SnapshotSecret>;
  readonly #services: SecretServices;

  constructor(secrets: readonly SnapshotSecret[], services: SecretServices) {
    this.#byName = new Map(secrets.map((secret) => [keyOf(secret.organizationId, secret.name), secret]));
    this.#services = services;
  }

  /** The text with its references resolved; of an organization's own secrets alone. Throws with the reason, which holds no value. */
  resolve(organizationId: string, text: string): string {
    return resolveReferences(text, {
      secret: (name) => {
        const secret = this.#byName.get(keyOf(organizationId, name));
        return secret && this.#services.open(secret.sealedValue, secret);
      },
      env: this.#services.env,
    });
  }
}

const keyOf = (organizationId: string, name: string): string => `${organizationId}/${name}`;
