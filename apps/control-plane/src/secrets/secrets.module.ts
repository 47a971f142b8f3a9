import { Module } from '@nestjs/common';
import { SecretResolver } from './secret-resolver.ts';
import { SecretsController } from './secrets.controller.ts';
import { SecretsService } from './secrets.service.ts';

@Module({
  controllers: [SecretsController],
  providers: [SecretResolver, SecretsService],
  exports: [SecretResolver, SecretsService],
})
export class SecretsModule {}
