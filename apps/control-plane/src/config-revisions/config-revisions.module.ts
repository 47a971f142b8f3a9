import { Global, Module } from '@nestjs/common';
import { AuditLog } from '../audit-events/audit-log.ts';
import { PriceCatalogStore } from '../price-catalog/price-catalog.store.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { RedisService } from '../redis/redis.service.ts';
import { ConfigPublisher } from './config-publisher.ts';
import { ConfigRevisionsController } from './config-revisions.controller.ts';
import { ConfigRevisionsService } from './config-revisions.service.ts';
import { ConfigWriter } from './config-writer.ts';
import { RevisionStore } from './revision-store.ts';
import { SnapshotReader } from './snapshot-reader.ts';

/** The database, Redis, and the one way to change anything. */
@Global()
@Module({
  controllers: [ConfigRevisionsController],
  providers: [
    PrismaService,
    RedisService,
    AuditLog,
    ConfigWriter,
    ConfigPublisher,
    RevisionStore,
    SnapshotReader,
    PriceCatalogStore,
    ConfigRevisionsService,
  ],
  exports: [PriceCatalogStore, PrismaService, RedisService, ConfigWriter, ConfigPublisher, RevisionStore],
})
export class ConfigRevisionsModule {}
