import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, type AppDependencies } from './app.module.ts';
import { listRoutes, requireDeclaredAccess } from './auth/route-access.ts';
import { createFastify } from './http/create-fastify.ts';
import { AppLogger } from './telemetry/app-logger.ts';

/** The API without its console and docs; nothing is connected before `init()` or `listen()`. */
export async function createApp(dependencies: AppDependencies): Promise<NestFastifyApplication> {
  const https = dependencies.config.publicUrl?.startsWith('https:') ?? false;
  const adapter = await createFastify(https);
  const logger = new AppLogger(dependencies.logger);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(dependencies), adapter, {
    logger,
    abortOnError: false,
    bodyParser: false,
  });
  requireDeclaredAccess(listRoutes(app));
  app.setGlobalPrefix('api/v1', {
    exclude: [
      { path: 'internal/{*path}', method: RequestMethod.ALL },
      { path: 'api/management/{*path}', method: RequestMethod.ALL },
    ],
  });
  return app;
}
