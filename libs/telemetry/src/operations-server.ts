import http, { type ServerResponse } from 'node:http';

export interface OperationsSources {
  readonly metrics: () => Promise<string>;
  /** Whether it may be sent work; a replica that waits for its turn is ready too. */
  readonly isReady: () => boolean;
}

const JSON_TYPE = 'application/json';

/** The operator's port: `/metrics`, `/health`, `/ready`. Kept apart from other traffic, so that it answers under load. */
export function createOperationsServer(sources: OperationsSources): http.Server {
  return http.createServer({ requestTimeout: 10_000 }, (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, JSON_TYPE, '{}');
    if (path === '/health') return send(response, 200, JSON_TYPE, '{"status":"ok"}');
    if (path === '/metrics') return sendMetrics(response, sources);
    if (path !== '/ready') return send(response, 404, JSON_TYPE, '{}');
    const ready = sources.isReady();
    return send(response, ready ? 200 : 503, JSON_TYPE, JSON.stringify({ status: ready ? 'ready' : 'unready' }));
  });
}

function sendMetrics(response: ServerResponse, sources: OperationsSources): void {
  sources.metrics().then(
    (text) => send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', text),
    () => send(response, 500, 'text/plain', 'the metrics could not be collected\n'),
  );
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
