import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AdminErrorBody } from '@penstock/contracts';
import { convertSchema, nameComponents } from './schema-converter.ts';

/** The description of the management API, made of the same zod schemas that validate it. */
export function createDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Penstock management API')
    .setDescription('Bodies are JSON or YAML. Errors have one shape, `AdminErrorBody`.')
    .setVersion('v1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An admin token, `pat_...`' }, 'adminToken')
    .addCookieAuth('penstock_session', { type: 'apiKey', in: 'cookie' }, 'session')
    .addSecurityRequirements('adminToken')
    .addSecurityRequirements('session')
    .addGlobalResponse({ status: 'default', description: 'Refused', standardSchema: AdminErrorBody })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: convertSchema,
    operationIdFactory: (controller: string, method: string) => `${method}${controller.replace(/Controller$/, '')}`,
  } as object);
  return nameComponents(document);
}
