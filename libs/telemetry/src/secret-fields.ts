import { isNativeError } from 'node:util/types';

const PLACEHOLDER = '[redacted]';
const MAX_DEPTH = 6;
const MAX_ITEMS = 200;

/** Names of fields whose value is a secret, in lower case and without `-` and `_`; a longer name counts by its ending. */
const SECRET_NAME =
  /(?:authorization|cookie|password|passphrase|secret|token|apikey|privatekey|masterkey|credential|credentials|sealedvalue)$/;

/**
 * A copy for the log: values of fields that are named like a secret become `[redacted]`, errors become plain objects of
 * name, message, stack, code and cause (other properties of foreign errors hold headers and bodies). Numbers and booleans
 * always stay, so that counts such as `inputTokens` or `maxToken` are never lost. Depth and width are bounded.
 */
export function withoutSecretFields(value: unknown): unknown {
  return copy(value, MAX_DEPTH);
}

/** {@link withoutSecretFields} for the object of a log call. */
export function withoutSecretFieldsOf(record: Record<string, unknown>): Record<string, unknown> {
  return copyFields(record, MAX_DEPTH);
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (depth === 0) return '[deep]';
  if (value instanceof Error || isNativeError(value)) return describeError(value, depth - 1);
  if (hasToJson(value)) return copy(value.toJSON(), depth - 1);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item: unknown) => copy(item, depth - 1));
  return copyFields(value, depth);
}

function copyFields(record: object, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record).slice(0, MAX_ITEMS)) {
    result[name] = isSecretField(name, value) ? PLACEHOLDER : copy(value, depth - 1);
  }
  return result;
}

function isSecretField(name: string, value: unknown): boolean {
  if (value == null || typeof value === 'number' || typeof value === 'boolean') return false;
  return SECRET_NAME.test(name.toLowerCase().replaceAll(/[-_]/g, ''));
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error && { code: copy(error.code, depth) }),
    ...(error.cause !== undefined && { cause: copy(error.cause, depth) }),
  };
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
