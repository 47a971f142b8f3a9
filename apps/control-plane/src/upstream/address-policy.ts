import { isIPv6 } from 'node:net';
import { METADATA_ADDRESSES } from '@penstock/contracts';
import { CidrList } from './cidr-list.ts';

/** Refused whatever the operator allows. */
const METADATA = CidrList.parse(METADATA_ADDRESSES.join(','));

/** Addresses that are not on the public internet: refused unless the operator allows their range. */
const NOT_PUBLIC = CidrList.parse(
  [
    '0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24',
    '192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/4, 240.0.0.0/4',
    '::/128, ::1/128, 64:ff9b::/96, 64:ff9b:1::/48, 100::/64, 2001::/23, 2001:db8::/32, 2002::/16, fc00::/7, fe80::/10, ff00::/8',
  ].join(','),
);

/** Why an upstream address is refused; undefined when it may be dialled. */
export type AddressRefusal = 'metadata' | 'private' | undefined;

/** Whether gateways and connection tests may dial the address, which is an IP literal. */
export function refuseAddress(address: string, allowList: CidrList): AddressRefusal {
  const plain = withoutMapping(address);
  if (METADATA.contains(plain)) return 'metadata';
  if (NOT_PUBLIC.contains(plain) && !allowList.contains(plain)) return 'private';
  return undefined;
}

/** `::ffff:127.0.0.1` and `::ffff:7f00:1` as `127.0.0.1`. */
function withoutMapping(address: string): string {
  if (!isIPv6(address)) return address;
  const host = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (!match) return host;
  const bits = Number.parseInt(match[1] ?? '', 16) * 65_536 + Number.parseInt(match[2] ?? '', 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
