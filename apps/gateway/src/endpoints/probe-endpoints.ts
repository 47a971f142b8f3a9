import { GatewayError } from '@penstock/contracts';
import { answerHeaders } from '../http/answer-headers.ts';
import type { RequestContext } from '../http/request-context.ts';
import { writeWhole } from '../http/write-response.ts';
import type { Endpoint } from './endpoint.ts';

/** Answers with a document that is made at the moment. */
export class DocumentEndpoint implements Endpoint {
  readonly #describe: () => { readonly status: number; readonly body: object };

  constructor(describe: () => { readonly status: number; readonly body: object }) {
    this.#describe = describe;
  }

  handle(context: RequestContext): void {
    const { status, body } = this.#describe();
    writeWhole(context.response, status, answerHeaders(context, 'application/json'), Buffer.from(JSON.stringify(body)));
  }
}

/** `GET /v1/responses` is how agents ask for a WebSocket; they fall back to HTTP on this answer. */
export class UpgradeRefusalEndpoint implements Endpoint {
  handle(): void {
    throw new GatewayError('upgrade_required', 'WebSocket is not offered here; use POST with `stream`.');
  }
}
