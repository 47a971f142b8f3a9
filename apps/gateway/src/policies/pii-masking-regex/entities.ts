import type { PiiMaskingRegex } from '@penstock/contracts';
import { TextPattern } from '@penstock/policies';
import type { z } from 'zod';

/** A kind of personal data. */
export interface Entity {
  readonly name: string;
  readonly pattern: TextPattern;
  /** What every match has in it or around it, quickly found; matches are looked for only in the lines that have it. */
  readonly hint?: RegExp;
  /** Whether a match is one indeed, by what stands around it. */
  readonly accepts?: (match: { readonly text: string; readonly before: string; readonly after: string }) => boolean;
}

type Params = z.output<(typeof PiiMaskingRegex)['params']>;

/** Letters of any script, since addresses may have them (RFC 6531). */
const EMAIL = '[\\p{L}\\p{N}._%+\\-]+@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\-]{0,61}[\\p{L}\\p{N}])?\\.)+\\p{L}{2,63}';
/** Groups of a North American number, and numbers with a country's code (E.164: up to 15 digits). */
const PHONE =
  '(?:\\+?1[ .\\-]?)?(?:\\([2-9]\\d{2}\\)[ .\\-]?|[2-9]\\d{2}[ .\\-])\\d{3}[ .\\-]\\d{4}' +
  '|\\+[1-9]\\d{0,2}(?:[ .\\-]?\\(?\\d{1,5}\\)?){1,6}';
/** Areas, groups and serials that were never given out are left alone. */
const SSN =
  '(?:00[1-9]|0[1-9]\\d|[1-57-8]\\d{2}|6(?:[0-57-9]\\d|6[0-57-9]))' +
  '(?:-(?:0[1-9]|[1-9]\\d)-| (?:0[1-9]|[1-9]\\d) )' +
  '(?:000[1-9]|00[1-9]\\d|0[1-9]\\d{2}|[1-9]\\d{3})';

const SSN_HINT = /\d{3}[- ]\d{2}[- ]\d{4}/;
const PHONE_HINT = /\d{3}[ .-]\d{4}|\+[1-9][\d .()-]{7}/;

/** The kinds that are looked for: one's own first. */
export function entitiesOf({ email, phone, ssn, customPIIEntities = [], piiEntities = [] }: Params): readonly Entity[] {
  const own = [...customPIIEntities, ...piiEntities];
  return [
    ...own.map(({ piiEntity, piiRegex }) => ({ name: piiEntity, pattern: new TextPattern(piiRegex) })),
    ...(email ? [{ name: 'EMAIL', pattern: new TextPattern(EMAIL), hint: /@/ }] : []),
    ...(ssn ? [{ name: 'SSN', pattern: new TextPattern(SSN), hint: SSN_HINT, accepts: standsAlone }] : []),
    ...(phone ? [{ name: 'PHONE', pattern: new TextPattern(PHONE), hint: PHONE_HINT, accepts: isPhone }] : []),
  ];
}

/** Not a part of a longer number, identifier or address. */
function standsAlone({ before, after }: { readonly before: string; readonly after: string }): boolean {
  return !/[\p{L}\p{N}_][.\-/]?$/u.test(before) && !/^(?:[\p{L}\p{N}_]|[.\-/][\p{L}\p{N}_])/u.test(after);
}

/** Digits beyond the 15 of a number may belong to what follows it: they are masked with it. */
function isPhone(match: { readonly text: string; readonly before: string; readonly after: string }): boolean {
  return match.text.replaceAll(/\D/g, '').length >= 8 && standsAlone(match);
}
