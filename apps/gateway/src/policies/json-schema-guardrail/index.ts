import { JsonSchemaGuardrail } from '@penstock/contracts';
import { textGuardrail } from '../guardrail/text-guardrail.ts';
import { policyFactory } from '../policy-factory.ts';
import { SchemaRule } from './schema-rule.ts';

/** Refuses what is not JSON of a schema, or with `invert` what is. */
export const jsonSchemaGuardrail = policyFactory(JsonSchemaGuardrail, (params, owner, services) =>
  textGuardrail(
    {
      name: JsonSchemaGuardrail.name,
      type: 'JSON_SCHEMA_GUARDRAIL',
      params,
      // A side without its schema is switched off, and has no rule.
      ruleOf: ({ schema = {}, invert }) => new SchemaRule(schema, invert),
      scopeOf: () => 'newest',
    },
    owner,
    services,
  ),
);
