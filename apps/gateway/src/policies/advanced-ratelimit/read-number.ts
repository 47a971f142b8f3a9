const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** A number is no longer than this. */
const MAX_LENGTH = 40;

/** A number, or a text that says one (of a repeated header the first); null for everything else. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const one: unknown = Array.isArray(value) ? value[0] : value;
  const text = typeof one === 'string' ? one.trim() : keptNumber(one);
  if (text.length > MAX_LENGTH || !DECIMAL.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** A number of a body that is kept as it was written (`1.0`). */
function keptNumber(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('rawJSON' in value)) return '';
  return typeof value.rawJSON === 'string' ? value.rawJSON : '';
}
