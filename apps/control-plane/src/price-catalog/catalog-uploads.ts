import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { MAX_PRICE_CATALOG_BYTES } from '@penstock/contracts';
import type { FastifyInstance, FastifyRequest, preParsingAsyncHookHandler } from 'fastify';

const digests = new WeakMap<object, string>();

/** Lets `PUT …/price-catalog` have larger bodies than other routes, and tells the SHA-256 of its bytes. Before routes are added. */
export function allowCatalogUploads(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (!route.url.endsWith('/price-catalog') || ![route.method].flat().includes('PUT')) return;
    route.bodyLimit = MAX_PRICE_CATALOG_BYTES;
    route.preParsing = digestBody;
  });
}

/** SHA-256 of the body of an upload as it came, hexadecimal. */
export function bodySha256(request: FastifyRequest): string {
  const digest = digests.get(request);
  if (digest === undefined) throw new Error('the route was reached without a digest of its body');
  return digest;
}

const digestBody: preParsingAsyncHookHandler = async (request, _reply, payload) => {
  const hash = createHash('sha256');
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      digests.set(request, hash.digest('hex'));
      done();
    },
  });
  payload.once('error', (error) => counted.destroy(error));
  return payload.pipe(counted);
};
