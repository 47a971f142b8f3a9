import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { AdminError } from './admin-error.ts';

/** A document with the version that `ETag` names. */
export class Versioned<Document> {
  readonly document: Document;
  readonly etag: string;

  constructor(document: Document, row: { readonly id: string; readonly version: number }) {
    this.document = document;
    this.etag = etagOf(row);
  }
}

/** Strong tag of one version of a resource. */
export function etagOf(row: { readonly id: string; readonly version: number }): string {
  return `"${row.id}.${row.version}"`;
}

/** Throws the 412 unless `If-Match` is absent, `*`, or names the version at hand. */
export function requireMatch(
  ifMatch: string | undefined,
  row: { readonly id: string; readonly version: number },
): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes(etagOf(row))) return;
  throw new AdminError('precondition_failed', 'It was changed in the meantime; read it again.');
}

/** Sends a {@link Versioned} as its document with an `ETag` header. */
@Injectable()
export class VersionInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((result: unknown) => {
        if (!(result instanceof Versioned)) return result;
        reply.header('etag', result.etag);
        return result.document as unknown;
      }),
    );
  }
}
