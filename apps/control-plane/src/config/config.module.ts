import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type DerivedKeys, deriveKeys, Redactor } from '@penstock/secrets';
import { UpstreamGuard } from '../upstream/upstream-guard.ts';
import type { ControlPlaneConfig } from './env.ts';

/** Injection token of the {@link ControlPlaneConfig}. */
export const CONFIG = Symbol('config');
/** Injection token of the {@link DerivedKeys}. */
export const KEYS = Symbol('keys');
/** Injection token of the clock: milliseconds since 1970. */
export const CLOCK = Symbol('clock');

/** Tells the time; injected so that tests can move it. */
export type Clock = () => number;

/** Configuration, keys, clock and what is made of them alone. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: ControlPlaneConfig, redactor: Redactor, clock: Clock = Date.now): DynamicModule {
    const keys: DerivedKeys = deriveKeys(config.masterKey);
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: KEYS, useValue: keys },
      { provide: CLOCK, useValue: clock },
      { provide: Redactor, useValue: redactor },
      { provide: UpstreamGuard, useValue: new UpstreamGuard(config.upstreamAllowList) },
    ];
    return { module: ConfigModule, providers, exports: providers };
  }
}
