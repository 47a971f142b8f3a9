import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { MetricsRegistry } from '@penstock/telemetry';
import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from './app.module.ts';
import { ConfigPublisher } from './config-revisions/config-publisher.ts';
import { serveConsole } from './console/serve-console.ts';
import { createApp } from './create-app.ts';
import { createDocument } from './openapi/create-document.ts';
import { type OperationsProbes, startOperationsServer, stopOperationsServer } from './operations/operations-server.ts';
import { unreachable } from './operations/readiness.ts';
import { PrismaService } from './prisma/prisma.service.ts';
import { RedisService } from './redis/redis.service.ts';

/** A running control plane. */
export interface ControlPlane {
  /** Where the API and the console are reached. */
  readonly url: string;
  readonly operationsUrl: string;
  /** Lets requests that are under way finish, then closes everything. */
  stop(): Promise<void>;
}

/** Starts the API, its docs, the console and the operations listener. */
export async function startControlPlane(dependencies: AppDependencies): Promise<ControlPlane> {
  const { config, logger } = dependencies;
  const app = await createApp(dependencies);
  SwaggerModule.setup('api/docs', app, () => createDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
  });
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const hasConsole = await serveConsole(server, config.consoleDist);
  await app.listen({ host: config.listen.host, port: config.listen.port });
  const operations = await startOperationsServer(config.operations, probesOf(app));
  const url = await app.getUrl();
  logger.info({ url, console: hasConsole, operations: operations.address() }, 'The control plane is ready');
  return {
    url,
    operationsUrl: urlOf(operations.address()),
    async stop() {
      await app.close();
      await stopOperationsServer(operations);
    },
  };
}

function urlOf(address: string | AddressInfo | null): string {
  return address !== null && typeof address === 'object'
    ? `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
    : '';
}

/** Redis away is no reason to refuse admins: their changes commit, and are published when it is back. */
function probesOf(app: NestFastifyApplication): OperationsProbes {
  const metrics = app.get(MetricsRegistry);
  const publisher = app.get(ConfigPublisher);
  const revision = metrics.gauge(
    'penstock_control_plane_published_revision',
    'Newest config revision brought to Redis',
  );
  const pending = metrics.gauge('penstock_control_plane_unpublished', '1 while a config revision waits for Redis');
  metrics.beforeCollect(() => {
    revision.with({}).set(publisher.publishedRevision);
    pending.with({}).set(publisher.pendingRevision === undefined ? 0 : 1);
  });
  return {
    async problems() {
      const down = await unreachable(app.get(PrismaService).client, app.get(RedisService).client);
      return down.postgres ? ['postgres'] : [];
    },
    metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
  };
}
