import { GatewayError } from '@penstock/contracts';
import type { JsonObject } from '../../json.ts';
import { resolveRef } from './resolve-ref.ts';
import { subschemasOf } from './subschemas.ts';

/** The refusal of a schema that contains itself. */
export function recursionError(param: string): GatewayError {
  const message = 'A schema that refers to itself is not supported by the model that serves this request.';
  return new GatewayError('unsupported_parameter', message, { param });
}

/** Throws `unsupported_parameter` when a schema contains itself by way of `$ref`. Chains of references may be of any length. */
export function refuseRecursion(root: JsonObject, param: string): void {
  const entered = new Set<JsonObject>();
  const left = new Set<JsonObject>();
  const path = [root];
  for (let schema = path.at(-1); schema !== undefined; schema = path.at(-1)) {
    if (entered.has(schema)) {
      left.add(schema);
      path.pop();
      continue;
    }
    entered.add(schema);
    for (const next of neighboursOf(schema, root)) {
      if (left.has(next)) continue;
      if (entered.has(next)) throw recursionError(param);
      path.push(next);
    }
  }
}

function neighboursOf(schema: JsonObject, root: JsonObject): readonly JsonObject[] {
  const ref = schema['$ref'];
  const target = typeof ref === 'string' ? resolveRef(root, ref) : undefined;
  return target ? [target, ...subschemasOf(schema)] : subschemasOf(schema);
}
