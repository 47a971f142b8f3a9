import { type DynamicModule, Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AdminTokensModule } from './admin-tokens/admin-tokens.module.ts';
import { AlertChannelsModule } from './alert-channels/alert-channels.module.ts';
import { AlertsModule } from './alerts/alerts.module.ts';
import { AuditEventsModule } from './audit-events/audit-events.module.ts';
import { GatewayInstancesModule } from './gateway-instances/gateway-instances.module.ts';
import { LimitsModule } from './limits/limits.module.ts';
import { UsageModule } from './usage/usage.module.ts';
import { UsersModule } from './users/users.module.ts';
import type { Redactor } from '@penstock/secrets';
import type { Logger } from '@penstock/telemetry';
import { AuthModule } from './auth/auth.module.ts';
import { BootstrapModule } from './bootstrap/bootstrap.module.ts';
import { ErrorFilter } from './common/error-filter.ts';
import { validationError } from './common/validation.ts';
import { VersionInterceptor } from './common/versioned.ts';
import { type Clock, ConfigModule } from './config/config.module.ts';
import type { ControlPlaneConfig } from './config/env.ts';
import { ConfigRevisionsModule } from './config-revisions/config-revisions.module.ts';
import { ExplainModule } from './explain/explain.module.ts';
import { InternalModule } from './internal/internal.module.ts';
import { LlmProviderTemplatesModule } from './llm-provider-templates/llm-provider-templates.module.ts';
import { LlmProvidersModule } from './llm-providers/llm-providers.module.ts';
import { LlmProxiesModule } from './llm-proxies/llm-proxies.module.ts';
import { ManifestsModule } from './manifests/manifests.module.ts';
import { ManagementModule } from './management/management.module.ts';
import { ModelPricesModule } from './model-prices/model-prices.module.ts';
import { OrganizationModule } from './organization/organization.module.ts';
import { PoliciesModule } from './policies/policies.module.ts';
import { PriceCatalogModule } from './price-catalog/price-catalog.module.ts';
import { QuotasModule } from './quotas/quotas.module.ts';
import { ReconciliationModule } from './reconciliation/reconciliation.module.ts';
import { ResourcesModule } from './resources/resources.module.ts';
import { SecretsModule } from './secrets/secrets.module.ts';
import { SettingsModule } from './settings/settings.module.ts';
import { TeamsModule } from './teams/teams.module.ts';
import { TelemetryModule } from './telemetry/telemetry.module.ts';
import { VirtualKeysModule } from './virtual-keys/virtual-keys.module.ts';

/** What the composition root hands in. */
export interface AppDependencies {
  readonly config: ControlPlaneConfig;
  readonly logger: Logger;
  readonly redactor: Redactor;
  readonly clock?: Clock;
}

const features = [
  AdminTokensModule,
  AlertChannelsModule,
  AlertsModule,
  AuditEventsModule,
  AuthModule,
  BootstrapModule,
  ConfigRevisionsModule,
  ExplainModule,
  GatewayInstancesModule,
  InternalModule,
  LimitsModule,
  LlmProviderTemplatesModule,
  LlmProvidersModule,
  LlmProxiesModule,
  ManifestsModule,
  ManagementModule,
  ModelPricesModule,
  OrganizationModule,
  PoliciesModule,
  PriceCatalogModule,
  QuotasModule,
  ReconciliationModule,
  ResourcesModule,
  SecretsModule,
  SettingsModule,
  TeamsModule,
  UsageModule,
  UsersModule,
  VirtualKeysModule,
];

@Module({})
export class AppModule {
  static forRoot({ config, logger, redactor, clock }: AppDependencies): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config, redactor, clock),
        TelemetryModule.forRoot(logger),
        DiscoveryModule,
        ...features,
      ],
      providers: [
        { provide: APP_PIPE, useValue: new StandardSchemaValidationPipe({ exceptionFactory: validationError }) },
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_INTERCEPTOR, useClass: VersionInterceptor },
      ],
    };
  }
}
