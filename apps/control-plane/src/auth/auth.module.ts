import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthController } from './auth.controller.ts';
import { AuthGuard } from './auth.guard.ts';
import { AuthService } from './auth.service.ts';
import { Authenticator } from './authenticator.ts';
import { BasicAuthenticator } from './basic-authenticator.ts';
import { LoginThrottle } from './login-throttle.ts';
import { PasswordCheck } from './password-check.ts';
import { SessionStore } from './session-store.ts';
import { TokenAuthenticator } from './token-authenticator.ts';

@Global()
@Module({
  controllers: [AuthController],
  providers: [
    AuthService,
    Authenticator,
    BasicAuthenticator,
    LoginThrottle,
    PasswordCheck,
    SessionStore,
    TokenAuthenticator,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [Authenticator, SessionStore],
})
export class AuthModule {}
