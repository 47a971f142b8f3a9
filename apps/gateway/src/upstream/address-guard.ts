import { BlockList, isIP } from 'node:net';
import { METADATA_ADDRESSES } from '@penstock/contracts';

/** Addresses that are not on the public internet, and IPv6 ranges that embed IPv4 addresses (RFC 6890, 6052, 3056). */
const PRIVATE_RANGES: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Decides which addresses an upstream may have. */
export class AddressGuard {
  readonly #metadata = new BlockList();
  readonly #private: BlockList;
  readonly #allowed: BlockList;

  /** `allowedRanges`: private CIDR ranges that may be dialled nevertheless. Throws RangeError for a malformed one. */
  constructor(allowedRanges: readonly string[]) {
    for (const address of METADATA_ADDRESSES) this.#metadata.addAddress(address, familyOf(address));
    this.#private = rangesOf(PRIVATE_RANGES);
    this.#allowed = rangesOf(allowedRanges);
  }

  /** Whether an address, given as an IP literal, may be dialled. */
  allows(address: string): boolean {
    const plain = MAPPED_IPV4.exec(address)?.[1] ?? address;
    if (isIP(plain) === 0) return false;
    const family = familyOf(plain);
    if (this.#metadata.check(plain, family)) return false;
    return !this.#private.check(plain, family) || this.#allowed.check(plain, family);
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function rangesOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const widest = isIP(address) === 6 ? 128 : 32;
    const prefix = bits === undefined ? widest : Number(bits);
    if (isIP(address) === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > widest) {
      throw new RangeError(`not an address range: ${range}`);
    }
    list.addSubnet(address, prefix, familyOf(address));
  }
  return list;
}
