import { Inject, Injectable } from '@nestjs/common';
import { type Secret, SecretManifest, type SecretSpec } from '@penstock/contracts';
import { type DerivedKeys, fingerprint, Redactor, sealSecret } from '@penstock/secrets';
import { invalidField } from '../common/admin-error.ts';
import { KEYS } from '../config/config.module.ts';
import type { Secret as SecretRow } from '../prisma/generated/client.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { toSecret } from './secret.mapper.ts';
import { secretReferences, secretsRepository } from './secrets.repository.ts';

/** What is particular to secrets: the value is sealed, stays where an update leaves it out, and is never read back. */
class SecretKind implements ResourceKind<SecretSpec, SecretRow, Secret> {
  readonly kind = 'Secret';
  readonly manifest = SecretManifest;
  readonly repository = secretsRepository;
  readonly toDocument = toSecret;
  readonly references = secretReferences;

  constructor(
    private readonly keys: DerivedKeys,
    private readonly redactor: Redactor,
  ) {}

  async prepare(spec: SecretSpec, context: WriteContext<SecretRow>): Promise<PreparedSpec> {
    const { transaction, actor, existing, now } = context;
    const { value, ...stored } = spec;
    const changedSecrets = this.#isChanged(value, existing) ? ['spec.value'] : [];
    if (value === undefined) {
      if (!existing) throw invalidField('spec.value', 'is required: no value is stored yet');
      return { spec: stored, columns: {}, attach: async () => {}, changedSecrets };
    }
    this.redactor.register(value);
    // Sealed only now: the value is bound to the row's id.
    const attach = async ({ id }: { readonly id: string }): Promise<void> => {
      const sealedValue = sealSecret(value, this.keys, { organizationId: actor.organizationId, id });
      await transaction.secret.update({ where: { id }, data: { sealedValue } });
    };
    const columns = { fingerprint: fingerprint(value, this.keys), valueUpdatedAt: now };
    return { spec: stored, columns, attach, changedSecrets };
  }

  #isChanged(value: string | undefined, existing: SecretRow | undefined): boolean {
    return value !== undefined && fingerprint(value, this.keys) !== existing?.fingerprint;
  }
}

@Injectable()
export class SecretsService extends ResourceService<SecretSpec, SecretRow, Secret> {
  constructor(tools: ResourceTools, @Inject(KEYS) keys: DerivedKeys, redactor: Redactor) {
    super(new SecretKind(keys, redactor), tools);
  }
}
