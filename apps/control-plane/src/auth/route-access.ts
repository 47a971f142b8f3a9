import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { ROLE_KEY, type RouteAccess } from './roles.ts';

/** One route with what it asks for; `access` is undefined when its decorator was forgotten. */
export interface RouteDescription {
  readonly controller: string;
  readonly method: string;
  readonly path: string;
  readonly access: RouteAccess | undefined;
}

/** Every route of the application, inherited ones included. */
export function listRoutes(app: INestApplicationContext): RouteDescription[] {
  const reflector = app.get(Reflector);
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ instance, metatype }) => {
      if (!instance || !metatype) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
      return scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        if (typeof handler !== 'function' || Reflect.getMetadata(PATH_METADATA, handler) === undefined) return [];
        const access = reflector.getAllAndOverride<RouteAccess | undefined>(ROLE_KEY, [
          handler as () => void,
          metatype as () => void,
        ]);
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? '';
        const path = [metatype, handler].map((target) => String(Reflect.getMetadata(PATH_METADATA, target))).join('/');
        return { controller: metatype.name, method, path: path.replaceAll(/\/+/g, '/').replace(/\/$/, ''), access };
      });
    });
}

/** Throws unless every route says who may use it; called when the application is made. */
export function requireDeclaredAccess(routes: readonly RouteDescription[]): void {
  const forgotten = routes.filter(({ access }) => access === undefined);
  if (forgotten.length === 0) return;
  const names = forgotten.map(({ method, path, controller }) => `${method} ${path} (${controller})`);
  throw new Error(`These routes do not say who may use them: ${names.join(', ')}`);
}
