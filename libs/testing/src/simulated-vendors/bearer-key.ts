import type { VendorRequest } from './vendor.ts';

/** The token behind `Authorization: Bearer`; null when there is none. */
export function bearerKey({ headers }: VendorRequest): string | null {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
