import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AddressGuard } from './address-guard.ts';
import { GuardedNetwork } from './guarded-network.ts';

const closed = new GuardedNetwork(new AddressGuard([]));
const open = new GuardedNetwork(new AddressGuard(['127.0.0.0/8']));
let server: Server;
let origin: string;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url === '/slow') return;
    if (request.url === '/moved') response.writeHead(302, { location: '/here' });
    response.end(request.url === '/long' ? 'x'.repeat(2_000) : 'hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (network: GuardedNetwork, path: string, timeoutMs = 5_000) =>
  network.request({ url: new URL(path, origin), method: 'GET', timeoutMs, maxBytes: 1_000, accept: '*/*' });

describe('the guarded network', () => {
  it('asks where it may', async () => {
    expect(await get(open, '/here?x=1')).toEqual({ status: 200, body: 'hello' });
    expect(seen).toEqual(['GET /here?x=1']);
  });

  it('asks nobody at an address that is not allowed', async () => {
    seen.length = 0;
    await expect(get(closed, '/here')).rejects.toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
    expect(seen).toEqual([]);
  });

  it('follows no redirect', async () => {
    seen.length = 0;
    expect((await get(open, '/moved')).status).toBe(302);
    expect(seen).toEqual(['GET /moved']);
  });

  it('reads no more than it may, and waits no longer', async () => {
    await expect(get(open, '/long')).rejects.toThrow();
    await expect(get(open, '/slow', 50)).rejects.toThrow();
  });

  it('judges addresses, and names that need no DNS', async () => {
    const judge = async (network: GuardedNetwork, hosts: readonly string[]) =>
      Promise.all(hosts.map((host) => network.resolves(host, 100)));
    const hosts = ['8.8.8.8', '[2606:4700::1111]', '127.0.0.1', '[::1]', '[::ffff:10.0.0.1]', '169.254.169.254'];
    expect(await judge(closed, hosts)).toEqual([true, true, false, false, false, false]);
    expect(await judge(closed, ['localhost', 'a.localhost.', 'nowhere.invalid', 'INVALID'])).toEqual(
      Array(4).fill(false),
    );
    expect(await judge(open, ['127.0.0.1', 'localhost'])).toEqual([true, true]);
  });
});

const NOERROR = 0;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const A = 1;
/** What the DNS server of the test knows, by the first label; names that it does not know get no answer. */
const ZONE: Readonly<Record<string, { readonly code: number; readonly address?: readonly number[] }>> = {
  public: { code: NOERROR, address: [93, 184, 216, 34] },
  private: { code: NOERROR, address: [10, 0, 0, 1] },
  loopback: { code: NOERROR, address: [127, 0, 0, 1] },
  empty: { code: NOERROR },
  nobody: { code: NXDOMAIN },
  broken: { code: SERVFAIL },
};

describe('the guarded network asks DNS', () => {
  const dns = createSocket('udp4');
  beforeAll(async () => {
    dns.on('message', (query, { port, address }) => {
      const answer = answerOf(query);
      if (answer) dns.send(answer, port, address);
    });
    await new Promise<void>((resolve) => dns.bind(0, '127.0.0.1', resolve));
  });
  afterAll(() => void dns.close());

  const outcomes = (allowed: readonly string[], names: readonly string[]) => {
    const network = new GuardedNetwork(new AddressGuard(allowed), (timeout) => {
      const resolver = new Resolver({ timeout, tries: 1 });
      resolver.setServers([`127.0.0.1:${dns.address().port}`]);
      return resolver;
    });
    return Promise.all(names.map((name) => network.resolves(`${name}.example`, 300).catch(() => 'unknown')));
  };

  it('whether a name has an address that may be dialled', async () => {
    const names = ['public', 'private', 'loopback', 'empty', 'nobody'];
    expect(await outcomes([], names)).toEqual([true, false, false, false, false]);
    expect(await outcomes(['10.0.0.0/8'], names)).toEqual([true, true, false, false, false]);
  });

  it('and says when it does not know', async () => {
    const startedAt = performance.now();
    expect(await outcomes([], ['broken', 'silent'])).toEqual(['unknown', 'unknown']);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

/** The answer to a query of one question (RFC 1035 §4); null: none. */
function answerOf(query: Buffer): Buffer | null {
  const label = query.toString('latin1', 13, 13 + query.readUInt8(12));
  const known = ZONE[label];
  if (!known) return null;
  const end = query.indexOf(0, 12) + 5;
  const records = known.address && query.readUInt16BE(end - 4) === A ? 1 : 0;
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80 | known.code, 0, 1, 0, records, 0, 0, 0, 0]);
  const record = Buffer.from([0xc0, 12, 0, A, 0, 1, 0, 0, 0, 60, 0, 4, ...(known.address ?? [])]);
  return Buffer.concat([header, query.subarray(12, end), ...(records ? [record] : [])]);
}
