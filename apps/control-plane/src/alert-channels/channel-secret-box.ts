import { Inject, Injectable } from '@nestjs/common';
import { type DerivedKeys, fingerprint, Redactor } from '@penstock/secrets';
import { KEYS } from '../config/config.module.ts';
import { type ChannelOwner, type ChannelSecrets, openChannelSecrets, sealChannelSecrets } from './channel-secrets.ts';

/** Seals and opens the secrets of channels, under the key-encryption key. */
@Injectable()
export class ChannelSecretBox {
  constructor(
    @Inject(KEYS) private readonly keys: DerivedKeys,
    private readonly redactor: Redactor,
  ) {}

  /** From now on the log shows none of them. */
  hide(secrets: ChannelSecrets): void {
    for (const secret of Object.values(secrets)) this.redactor.register(String(secret));
  }

  seal(secrets: ChannelSecrets, owner: ChannelOwner): string {
    return sealChannelSecrets(secrets, this.keys, owner);
  }

  /** Throws `CredentialError` under another master key. */
  open(sealed: string | null, owner: ChannelOwner): ChannelSecrets {
    return openChannelSecrets(sealed, this.keys, owner);
  }

  /** Tells whether secrets have changed, and nothing else of them. */
  fingerprint(secrets: ChannelSecrets): string {
    return fingerprint(JSON.stringify(secrets), this.keys);
  }
}
