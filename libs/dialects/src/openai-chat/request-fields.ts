import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { isJsonObject, numberOf } from './json-values.ts';

/**
 * Reads the members of one object of a request. A member that is null counts as absent, as it does at OpenAI; one of a wrong type
 * throws `GatewayError('invalid_type')` with its path.
 */
export class RequestFields {
  readonly object: JsonObject;
  /** Where the object stands in the body, such as `messages[0]`; empty for the body itself. */
  readonly path: string;

  constructor(object: JsonObject, path: string) {
    this.object = object;
    this.path = path;
  }

  static of(value: Json | undefined, path: string): RequestFields {
    return isJsonObject(value) ? new RequestFields(value, path) : wrongType(path, 'object', value);
  }

  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** The member as it is; null when it is absent. */
  value(name: string): Json {
    return this.object[name] ?? null;
  }

  string(name: string): string | undefined {
    const value = this.value(name);
    if (value === null || typeof value === 'string') return value ?? undefined;
    return wrongType(this.pathOf(name), 'string', value);
  }

  requiredString(name: string): string {
    const value = this.string(name);
    if (value !== undefined) return value;
    const param = this.pathOf(name);
    throw new GatewayError('missing_required_parameter', `Missing required parameter: '${param}'.`, { param });
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === null) return undefined;
    const number = numberOf(value);
    if (number === null) return wrongType(this.pathOf(name), 'number', value);
    if (!Number.isFinite(number)) return this.refuse(name, 'is too large');
    return number;
  }

  /** A whole number of at least `min`. */
  integer(name: string, min: number): number | undefined {
    const value = this.number(name);
    if (value === undefined || (Number.isSafeInteger(value) && value >= min)) return value;
    return this.refuse(name, `must be an integer of at least ${min}`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === null || typeof value === 'boolean') return value ?? undefined;
    return wrongType(this.pathOf(name), 'boolean', value);
  }

  fields(name: string): RequestFields | undefined {
    const value = this.value(name);
    return value === null ? undefined : RequestFields.of(value, this.pathOf(name));
  }

  objectAt(name: string): JsonObject | undefined {
    return this.fields(name)?.object;
  }

  array(name: string): readonly Json[] | undefined {
    const value = this.value(name);
    if (value === null) return undefined;
    return Array.isArray(value) ? (value as readonly Json[]) : wrongType(this.pathOf(name), 'array', value);
  }

  /** The members of an array, each of which has to be an object. */
  list(name: string): readonly RequestFields[] {
    return (this.array(name) ?? []).map((value, index) => RequestFields.of(value, `${this.pathOf(name)}[${index}]`));
  }

  /** Refuses a value of the right type: `reason` goes on from the parameter's name. */
  refuse(name: string, reason: string): never {
    const param = this.pathOf(name);
    throw new GatewayError('invalid_request', `'${param}' ${reason}.`, { param });
  }
}

export function wrongType(param: string, expected: string, value: Json | undefined): never {
  const message = `Invalid type for '${param}': expected ${expected}, but got ${typeName(value)}.`;
  throw new GatewayError('invalid_type', message, { param });
}

function typeName(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return numberOf(value) === null ? typeof value : 'number';
}
