// A thread of its own: a model on loopback, and requests at fixed times, whatever the answers take.
import http from 'node:http';
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';

/** Requests under way at one time; what is due beyond them is counted and not sent. */
const maxInFlight = 2_000;
const body = JSON.stringify({ model: 'model-0', messages: [{ role: 'user', content: 'Tell me of the sea.' }] });
const answer = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'vendor/model-0',
  choices: [{ index: 0, message: { role: 'assistant', content: 'It is wide.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 },
});

const upstream = http.createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
});
upstream.listen(0, '127.0.0.1');
await once(upstream, 'listening');
parentPort.postMessage({ upstreamPort: upstream.address().port });

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
let figures = emptyFigures();
let inFlight = 0;

parentPort.on('message', (message) => {
  if (message.begin) begin(message.begin);
  if (message.reset) figures = emptyFigures();
  if (message.read) parentPort.postMessage({ figures });
});

function emptyFigures() {
  return { latencies: [], failed: 0, shed: 0, lastFailure: '' };
}

/** Request `n` is due at `start + n / rate`; a late one counts from when it was due. */
function begin({ port, keys, contexts }) {
  const start = performance.now();
  let sent = 0;
  setInterval(() => {
    for (; performance.now() >= start + (sent * 1_000) / workerData.rate; sent += 1) {
      if (inFlight >= maxInFlight) figures.shed += 1;
      else
        send(port, {
          dueAt: start + (sent * 1_000) / workerData.rate,
          key: keys[(sent * 7) % keys.length],
          path: contexts[(sent * 13) % contexts.length],
        });
    }
  }, 1);
}

function send(port, { dueAt, key, path }) {
  inFlight += 1;
  const mine = figures;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': body.length };
  const request = http.request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: `${path}/v1/chat/completions`,
    headers,
    agent,
  });
  const end = (failure) => {
    inFlight -= 1;
    mine.latencies.push(performance.now() - dueAt);
    if (failure === undefined) return;
    mine.failed += 1;
    mine.lastFailure = failure;
  };
  request.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    response.on('end', () =>
      end(response.statusCode === 200 ? undefined : `${response.statusCode} ${text.slice(0, 300)}`),
    );
  });
  request.on('error', (error) => end(error.message));
  request.end(body);
}
