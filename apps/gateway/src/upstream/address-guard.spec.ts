import { describe, expect, it } from '@jest/globals';
import { AddressGuard } from './address-guard.ts';

describe('AddressGuard', () => {
  const closed = new AddressGuard([]);
  const open = new AddressGuard(['0.0.0.0/0', '::/0']);
  const loopback = new AddressGuard(['127.0.0.0/8', '::1']);

  it.each(['8.8.8.8', '203.0.113.7', '2606:4700::1111'])('lets the public address %s be dialled', (address) => {
    expect(closed.allows(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.1.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('keeps the private address %s away unless its range is allowed', (address) => {
    expect(closed.allows(address)).toBe(false);
    expect(open.allows(address)).toBe(true);
  });

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    'fd00:ec2::254',
    'fd00:ec2::23',
    '::ffff:169.254.169.254',
  ])('never lets the metadata address %s be dialled', (address) => {
    expect(open.allows(address)).toBe(false);
  });

  it('opens only the ranges that are named', () => {
    expect(['127.0.0.1', '::ffff:127.0.0.1', '::1', '10.0.0.1'].map((address) => loopback.allows(address))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('takes names for no addresses', () => expect(open.allows('localhost')).toBe(false));

  it.each(['10.0.0.0/33', 'x/8', '10.0.0.0/-1', '10.0.0.0/a'])('refuses the range %s', (range) => {
    expect(() => new AddressGuard([range])).toThrow(RangeError);
  });
});
