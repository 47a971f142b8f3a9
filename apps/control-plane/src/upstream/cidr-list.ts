import { BlockList, isIP, isIPv6 } from 'node:net';

/** A list of address ranges. */
export class CidrList {
  readonly #ranges: BlockList;

  private constructor(ranges: BlockList) {
    this.#ranges = ranges;
  }

  /** Reads `10.0.0.0/8, ::1/128, 192.0.2.1`; the empty text is the empty list. Throws RangeError for anything else. */
  static parse(text: string): CidrList {
    const ranges = new BlockList();
    for (const item of text.split(',').map((part) => part.trim())) {
      if (item !== '') addRange(ranges, item);
    }
    return new CidrList(ranges);
  }

  /** Whether the address lies in one of the ranges; false for what is not an address. */
  contains(address: string): boolean {
    if (isIP(address) === 0) return false;
    return this.#ranges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}

function addRange(ranges: BlockList, item: string): void {
  const [address = '', prefix, ...rest] = item.split('/');
  const family = isIP(address);
  const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix ?? '0')) {
    throw new RangeError(`not an address range: ${item}`);
  }
  ranges.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
}
