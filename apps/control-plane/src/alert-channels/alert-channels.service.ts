import { Inject, Injectable } from '@nestjs/common';
import { type AlertChannel, AlertChannelManifest, type AlertChannelSpec } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { UpstreamGuard } from '../upstream/upstream-guard.ts';
import { type AlertChannelRow, toAlertChannel } from './alert-channel.mapper.ts';
import { alertChannelsRepository } from './alert-channels.repository.ts';
import { ChannelSecretBox } from './channel-secret-box.ts';
import { type ChannelSecrets, decideSecrets, withoutSecrets } from './channel-secrets.ts';

/** What is particular to channels: the guarded URL and the sealed secrets. */
class AlertChannelKind implements ResourceKind<AlertChannelSpec, AlertChannelRow, AlertChannel> {
  readonly kind = 'AlertChannel';
  readonly affectsConfig = false;
  readonly manifest = AlertChannelManifest;
  readonly repository = alertChannelsRepository;
  readonly toDocument = toAlertChannel;

  constructor(
    private readonly box: ChannelSecretBox,
    private readonly guard: UpstreamGuard,
    private readonly canSendEmail: boolean,
  ) {}

  /** For the audit log: the fingerprint tells whether URL or signing secret have changed. */
  toAuditDocument(row: AlertChannelRow): unknown {
    const secretsFingerprint = this.box.fingerprint(this.box.open(row.sealedSecrets, row));
    return { ...toAlertChannel(row), secretsFingerprint };
  }

  async vet(spec: unknown): Promise<void> {
    const url = (spec as { readonly url?: unknown } | null | undefined)?.url;
    if (typeof url !== 'string' || !URL.canParse(url)) return;
    const refusal = await this.guard.refusal(url);
    if (refusal === undefined) return;
    const errors = [{ field: 'spec.url', message: refusal }];
    throw new AdminError('url_not_allowed', 'The URL of the channel is not allowed.', { errors });
  }

  async prepare(spec: AlertChannelSpec, context: WriteContext<AlertChannelRow>): Promise<PreparedSpec> {
    const { transaction, actor, existing } = context;
    if (spec.type === 'email' && !this.canSendEmail) throw emailNotConfigured();
    const stored = existing && {
      type: (existing.spec as AlertChannelSpec).type,
      secrets: this.box.open(existing.sealedSecrets, existing),
    };
    const { secrets, created } = decideSecrets(spec, stored);
    this.box.hide(secrets);
    const target = secrets.url === undefined ? null : new URL(secrets.url).origin;
    // Sealed only now: the secrets are bound to the row's id.
    const attach = async ({ id }: { readonly id: string }): Promise<void> => {
      const owner = { organizationId: actor.organizationId, id };
      const sealedSecrets = target === null ? null : this.box.seal(secrets, owner);
      await transaction.alertChannel.update({ where: { id }, data: { sealedSecrets } });
    };
    const revealed = created === undefined ? {} : { revealed: { signingSecret: created } };
    const changedSecrets = changedFields(secrets, stored?.secrets ?? {});
    return { spec: withoutSecrets(spec), columns: { target }, attach, changedSecrets, ...revealed };
  }

  async references(): Promise<readonly string[]> {
    return []; // deliveries go with their channel
  }
}

function changedFields(secrets: ChannelSecrets, stored: ChannelSecrets): readonly string[] {
  return (['url', 'signingSecret'] as const)
    .filter((name) => secrets[name] !== stored[name])
    .map((name) => `spec.${name}`);
}

function emailNotConfigured(): AdminError {
  const message = 'needs PENSTOCK_SMTP_URL and PENSTOCK_SMTP_FROM to be set by the operator';
  return new AdminError('not_configured', 'E-mail cannot be sent: no SMTP server is set.', {
    errors: [{ field: 'spec.type', message }],
  });
}

@Injectable()
export class AlertChannelsService extends ResourceService<AlertChannelSpec, AlertChannelRow, AlertChannel> {
  constructor(
    tools: ResourceTools,
    box: ChannelSecretBox,
    guard: UpstreamGuard,
    @Inject(CONFIG) config: ControlPlaneConfig,
  ) {
    super(new AlertChannelKind(box, guard, config.smtp !== undefined), tools);
  }
}
