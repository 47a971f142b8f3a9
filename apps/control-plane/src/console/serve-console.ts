import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const NOT_THE_CONSOLE = /^\/(api|internal|assets)(\/|$|\?)/;

/** Serves the built console at `/`; unknown paths get its index page, since it has a router of its own. */
export async function serveConsole(server: FastifyInstance, directory: string): Promise<boolean> {
  if (!existsSync(path.join(directory, 'index.html'))) return false;
  await server.register(fastifyStatic, {
    root: directory,
    prefix: '/',
    wildcard: false,
    setHeaders(reply, file) {
      const hashed = file.startsWith(path.join(directory, 'assets'));
      void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  server.get('/*', (request, reply) => {
    if (NOT_THE_CONSOLE.test(request.url)) return reply.callNotFound();
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  });
  return true;
}
