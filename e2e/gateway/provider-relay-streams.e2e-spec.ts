import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { rawRequest } from './support/raw-request.ts';
import { MAX_RELAYED_BODY, relayOutcome, RelayWorld } from './support/relay-world.ts';
import { usageOf } from './support/usage-stream.ts';

let world: RelayWorld;

beforeAll(async () => {
  world = await RelayWorld.start();
});

afterAll(() => world?.dispose());

beforeEach(() => world.reset());

describe('bodies and answers that are relayed', () => {
  it('stream both ways', async () => {
    let heard = (): void => undefined;
    const first = new Promise<void>((resolve) => (heard = resolve));
    world.script = (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      request.on('data', (chunk: Buffer) => {
        response.write(`got ${chunk.toString()};`);
        heard();
      });
      request.on('end', () => response.end('end'));
    };
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    void writer.write(Buffer.from('one'));
    const asking = world.ask('/open/things', { method: 'POST', body: readable, duplex: 'half' });
    // The vendor hears the first part while the rest has not been written.
    await first;
    const answer = await asking;
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('got one;');
    await writer.write(Buffer.from('two'));
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('got two;');
    await writer.close();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('end');
  });

  it('are not too large, whether their length is told or not', async () => {
    const large = Buffer.alloc(MAX_RELAYED_BODY + 1);
    expect(await relayOutcome(await world.ask('/open/files', { method: 'POST', body: large }))).toEqual([
      413,
      'payload_too_large',
    ]);
    expect(world.received).toEqual([]);
    const chunked = await rawRequest(
      world.gateway.port,
      Buffer.concat([
        Buffer.from(
          `POST /open/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.keys.own}\r\ntransfer-encoding: chunked\r\n\r\n`,
        ),
        Buffer.from(`${large.length.toString(16)}\r\n`),
        large,
        Buffer.from('\r\n0\r\n\r\n'),
      ]),
    );
    expect(chunked.status).toBe(413);
    expect((await world.ask('/open/files', { method: 'POST', body: Buffer.alloc(MAX_RELAYED_BODY) })).status).toBe(200);
  });

  it('may be answered before the whole of a body has come', async () => {
    world.script = (_request, response) => {
      response.writeHead(403, { 'content-length': '2' });
      response.end('no');
    };
    const head = `POST /open/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.keys.own}\r\n`;
    const begun = `${head}content-length: 500000\r\n\r\n${'x'.repeat(1000)}`;
    const answer = await rawRequest(world.gateway.port, begun);
    expect([answer.status, answer.text]).toEqual([403, 'no']);
    expect(answer.headers.toLowerCase()).toContain('connection: close');
    world.reset();
    expect((await world.ask('/open/files')).status).toBe(200);
  });

  it('hold the vendor back while the caller does not read', async () => {
    let written = 0;
    let blocked = false;
    world.script = (_request, response) => {
      response.writeHead(200);
      const push = (): void => {
        while (written < 64 * MAX_RELAYED_BODY) {
          written += 65_536;
          if (response.write(Buffer.alloc(65_536))) continue;
          blocked = true;
          response.once('drain', push);
          return;
        }
        response.end();
      };
      push();
    };
    const answer = await world.ask('/open/files/a/content');
    await waitUntil('the vendor is held back', () => Promise.resolve(blocked || undefined));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written).toBeLessThan(32 * MAX_RELAYED_BODY);
    let read = 0;
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) read += chunk.length;
    expect(read).toBe(64 * MAX_RELAYED_BODY);
  });

  it('end with the caller', async () => {
    world.script = (_request, response) => {
      response.writeHead(200);
      response.write('begun');
    };
    const abort = new AbortController();
    const answer = await world.ask('/open/things', { signal: abort.signal, headers: { 'x-request-id': 'relay-left' } });
    expect(answer.status).toBe(200);
    abort.abort();
    await waitUntil('the vendor hears of it', () => Promise.resolve(world.received[0]?.aborted || undefined));
    expect((await usageOf(world.redis.url, 'relay-left')).outcome).toBe('client-closed');
  });

  it('pass redirects and errors of the vendor as they are', async () => {
    world.script = (_request, response) => {
      response.writeHead(302, { location: 'https://elsewhere.example/x?y' });
      response.end();
    };
    const redirect = await world.ask('/open/files/a/content');
    expect([redirect.status, redirect.headers.get('location'), world.received.length]).toEqual([
      302,
      'https://elsewhere.example/x?y',
      1,
    ]);
    world.script = (_request, response) => {
      response.writeHead(429, { 'retry-after': '7', 'content-type': 'application/json' });
      response.end('{"of":"vendor"}');
    };
    const refused = await world.ask('/open/files');
    expect([refused.headers.get('retry-after'), ...(await relayOutcome(refused))]).toEqual([
      '7',
      429,
      '{"of":"vendor"}',
    ]);
  });

  it("do not tell what a vendor says of the gateway's own credential", async () => {
    world.script = (_request, response) => {
      response.writeHead(401);
      response.end('Incorrect API key: upstream-sec***');
    };
    expect(await relayOutcome(await world.ask('/open/files'))).toEqual([502, 'upstream_auth_error']);
  });

  it('have the timeouts of the provider, and its usual errors', async () => {
    world.script = () => undefined;
    expect(await relayOutcome(await world.ask('/open/files'))).toEqual([504, 'upstream_timeout']);
    expect(await relayOutcome(await world.ask('/dead/files'))).toEqual([502, 'upstream_error']);
    world.script = (_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    };
    await expect(world.ask('/open/files').then((answer) => answer.text())).rejects.toThrow();
  });
});
