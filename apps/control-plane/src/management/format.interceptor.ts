import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { stringify } from 'yaml';
import { preferredFormat } from './preferred-format.ts';

/** Answers in YAML where the request prefers it. Refusals are JSON always. */
@Injectable()
export class FormatInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    if (preferredFormat(http.getRequest<FastifyRequest>().headers.accept) === 'json') return next.handle();
    return next.handle().pipe(
      map((answer: unknown) => {
        if (answer === undefined) return answer;
        http.getResponse<FastifyReply>().header('content-type', 'application/yaml; charset=utf-8');
        return stringify(answer, { aliasDuplicateObjects: false });
      }),
    );
  }
}
