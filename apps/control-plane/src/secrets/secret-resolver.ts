import { Inject, Injectable } from '@nestjs/common';
import {
  type DerivedKeys,
  openSecret,
  readSecretVariable,
  referencedSecrets,
  resolveReferences,
} from '@penstock/secrets';
import { KEYS } from '../config/config.module.ts';
import { PrismaService } from '../prisma/prisma.service.ts';

/** Resolves references within the control plane, for requests that it makes itself. */
@Injectable()
export class SecretResolver {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(KEYS) private readonly keys: DerivedKeys,
  ) {}

  /** The text with its references resolved. Throws `SecretReferenceError` or `CredentialError`. */
  async resolve(organizationId: string, text: string): Promise<string> {
    const names = [...referencedSecrets(text)];
    const rows =
      names.length === 0
        ? []
        : await this.prisma.client.secret.findMany({ where: { organizationId, name: { in: names } } });
    const values = new Map(rows.map((row) => [row.name, openSecret(row.sealedValue, this.keys, row)]));
    return resolveReferences(text, {
      secret: (name) => values.get(name),
      env: (name) => readSecretVariable(process.env, name),
    });
  }
}
