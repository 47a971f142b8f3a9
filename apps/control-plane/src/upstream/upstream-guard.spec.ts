import { describe, expect, it } from '@jest/globals';
import { METADATA_ADDRESSES } from '@penstock/contracts';
import { CidrList } from './cidr-list.ts';
import { hostOf, UpstreamGuard } from './upstream-guard.ts';

const resolving = (addresses: readonly string[], allow = '') =>
  new UpstreamGuard(CidrList.parse(allow), async () => addresses);

describe('the upstream guard', () => {
  it('lets a public address pass', async () => {
    expect(await resolving(['93.184.216.34', '2606:2800:220:1::1']).refusal('https://example.com/v1')).toBeUndefined();
  });

  it('refuses a name as soon as one of its addresses is private', async () => {
    expect(await resolving(['93.184.216.34', '10.0.0.7']).refusal('https://example.com')).toMatch(
      /not on the public internet/,
    );
  });

  it('refuses metadata services whatever is allowed', async () => {
    const guard = resolving(['169.254.169.254'], '0.0.0.0/0,::/0');
    expect(await guard.refusal('http://innocent.example')).toMatch(/metadata/);
    expect(await guard.refusal('http://169.254.169.254')).toMatch(/metadata/);
    expect(await guard.refusal('http://[::ffff:a9fe:a9fe]')).toMatch(/metadata/);
    expect(await guard.refusal('http://METADATA.google.internal.')).toMatch(/metadata/);
  });

  it.each(METADATA_ADDRESSES)('refuses the metadata address %s whatever is allowed', async (address) => {
    const url = address.includes(':') ? `http://[${address}]` : `http://${address}`;
    expect(await resolving([], '0.0.0.0/0,::/0').refusal(url)).toMatch(/metadata/);
    expect(await resolving([address], '0.0.0.0/0,::/0').refusal('http://innocent.example')).toMatch(/metadata/);
  });

  it('knows the metadata services that speak IPv6 only', () => {
    expect(METADATA_ADDRESSES).toEqual(expect.arrayContaining(['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254']));
  });

  it('never tells the address', async () => {
    expect(await resolving(['10.9.8.7']).refusal('http://internal.example')).not.toContain('10.9.8.7');
  });

  it('allows private ranges that the operator names, and only those', async () => {
    const guard = resolving(['10.1.2.3'], '10.1.0.0/16, ::1');
    expect(await guard.refusal('http://vllm.internal:8000')).toBeUndefined();
    expect(await guard.refusal('http://[::1]:8000')).toBeUndefined();
    expect(await guard.refusal('http://10.2.0.1')).toBeDefined();
    expect(await guard.refusal('http://127.0.0.1')).toBeDefined();
  });

  it('leaves a name that does not resolve to the moment of dialling', async () => {
    const guard = new UpstreamGuard(CidrList.parse(''), () => Promise.reject(new Error('ENOTFOUND')));
    expect(await guard.refusal('http://later.example')).toBeUndefined();
  });

  it.each(['http://127.1/', 'http://0x7f.0.0.1/', 'http://2130706433/', 'http://017700000001/'])(
    'reads %s as the loopback address that it is',
    async (url) => {
      expect(hostOf(url)).toBe('127.0.0.1');
      expect(await resolving([]).refusal(url)).toBeDefined();
    },
  );
});

describe('a list of ranges', () => {
  it.each(['10.0.0.0/33', '10.0.0/8', 'x', '10.0.0.0/', '10.0.0.0/8/8', '1.2.3.4/1e1'])('is not made of %s', (text) => {
    expect(() => CidrList.parse(text)).toThrow();
  });
});
