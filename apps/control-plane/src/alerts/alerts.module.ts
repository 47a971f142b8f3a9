import { Module } from '@nestjs/common';
import type { DerivedKeys } from '@penstock/secrets';
import { CLOCK, type Clock, CONFIG, KEYS } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { UpstreamGuard } from '../upstream/upstream-guard.ts';
import { AlertSender } from './alert-sender.ts';
import { AlertsController } from './alerts.controller.ts';
import { AlertsService } from './alerts.service.ts';

const sender = {
  provide: AlertSender,
  inject: [UpstreamGuard, KEYS, CONFIG, CLOCK],
  useFactory: (guard: UpstreamGuard, keys: DerivedKeys, { smtp }: ControlPlaneConfig, now: Clock) =>
    new AlertSender({ guard, keys, smtp, now }),
};

@Module({ controllers: [AlertsController], providers: [AlertsService, sender], exports: [AlertSender] })
export class AlertsModule {}
