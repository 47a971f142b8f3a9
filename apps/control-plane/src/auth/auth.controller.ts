import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { LoginRequest, Session } from '@penstock/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { AuthService } from './auth.service.ts';
import { Authenticator } from './authenticator.ts';
import { requireOwnOrigin } from './request-origin.ts';
import { RequireRole } from './roles.ts';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly authenticator: Authenticator,
    @Inject(CONFIG) private readonly config: ControlPlaneConfig,
  ) {}

  @Post('login')
  @HttpCode(200)
  @RequireRole('public')
  @ApiOkResponse({ standardSchema: Session })
  async login(
    @Body({ schema: LoginRequest }) body: z.output<typeof LoginRequest>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    requireOwnOrigin(request, this.config.publicUrl);
    const { token, session } = await this.auth.login(body, { requestId: request.id, address: request.ip });
    const { name, options } = this.authenticator.cookie;
    reply.setCookie(name, token, { ...options, expires: new Date(session.expiresAt) });
    return session;
  }

  @Post('logout')
  @HttpCode(204)
  @RequireRole('viewer')
  @ApiNoContentResponse()
  async logout(@CurrentActor() actor: Actor, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.auth.logout(actor);
    const { name, options } = this.authenticator.cookie;
    reply.clearCookie(name, options);
  }

  @Get('session')
  @RequireRole('viewer')
  @ApiOkResponse({ standardSchema: Session })
  async session(@CurrentActor() actor: Actor): Promise<Session> {
    return this.auth.session(actor);
  }
}
