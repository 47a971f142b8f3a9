import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { VendorName } from '../vendor.ts';

/** The same in every process, so that signatures outlive a restart of the simulation, as those of vendors do. */
const KEY = 'penstock simulated vendors';
const MAC_BYTES = 16;

/** A signature as only the vendor can make it: opaque base64 that is bound to vendor and text. */
export function mintSignature(vendor: VendorName, text: string): string {
  const payload = Buffer.from(`${vendor}.${digest(text)}.`);
  return Buffer.concat([payload, mac(payload)]).toString('base64');
}

/**
 * Whether this vendor made the signature and the text is still the one it was made for. An empty text stands for thoughts
 * that were not shown.
 */
export function isMinted(vendor: VendorName, signature: string, text: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature || bytes.length <= MAC_BYTES) return false;
  const payload = bytes.subarray(0, -MAC_BYTES);
  if (!timingSafeEqual(mac(payload), bytes.subarray(-MAC_BYTES))) return false;
  const [madeBy, madeFor] = payload.toString().split('.');
  return madeBy === vendor && (text === '' || madeFor === digest(text));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function mac(payload: Buffer): Buffer {
  return createHmac('sha256', KEY).update(payload).digest().subarray(0, MAC_BYTES);
}
