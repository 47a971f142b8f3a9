import { createServer, type Server, type ServerResponse } from 'node:http';

/** What an operations listener tells. */
export interface OperationsProbes {
  /** Why the process is not ready; empty when it is. */
  readonly problems: () => Promise<readonly string[]>;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Listens for `/health`, `/ready` and `/metrics`, apart from the public listener. */
export function startOperationsServer(
  listen: { readonly host: string; readonly port: number },
  probes: OperationsProbes,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    answer(path, probes, response).catch(() => sendJson(response, 500, { status: 'error' }));
  });
  server.requestTimeout = 10_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, () => resolve(server));
  });
}

/** Closes at once; probes are short. */
export function stopOperationsServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(path: string, probes: OperationsProbes, response: ServerResponse): Promise<void> {
  if (path === '/health') return sendJson(response, 200, { status: 'ok' });
  if (path === '/ready') {
    const problems = await probes.problems();
    const status = problems.length === 0 ? 'ok' : 'not-ready';
    return sendJson(response, problems.length === 0 ? 200 : 503, { status, problems });
  }
  if (path === '/metrics') {
    const { contentType, text } = await probes.metrics();
    response.writeHead(200, { 'content-type': contentType }).end(text);
    return;
  }
  sendJson(response, 404, { status: 'error' });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
