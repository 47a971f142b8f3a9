import type { CanonicalRequest, CanonicalTool, OutputFormat } from '../canonical-request.ts';
import type { JsonObject } from '../json.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { isJsonObject } from './schema/json-object.ts';
import { holdsOpenObject } from './schema/holds-open-object.ts';
import { mergedRootObject, rootObject } from './schema/root-object.ts';
import { sanitizeAnthropicSchema } from './schema/sanitize-anthropic-schema.ts';
import { sanitizeGeminiSchema } from './schema/sanitize-gemini-schema.ts';
import { sanitizeOpenAiSchema } from './schema/sanitize-openai-schema.ts';
import { without } from './without.ts';

/**
 * Writes the schemas of tools and of the structured output in the model's dialect. Throws `unsupported_parameter` where a
 * schema cannot be written in it.
 */
export function fitSchemas(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const tools = request.tools.map((tool) => fitTool(tool, request, context));
  return { ...request, tools, output: fitOutputSchema(request, context) };
}

function fitTool(tool: CanonicalTool, request: CanonicalRequest, context: PrepareContext): CanonicalTool {
  if (tool.kind !== 'function') return tool;
  const path = tool.path ?? callerName(request.dialect, 'tools');
  const isStrict = tool.strict === true;
  if (isStrict && !context.profile.strictTools) context.warnings.note('dropped', `${path}.strict`);
  const allowed = context.profile.strictTools ? tool : without(tool, 'strict');
  const { schema, strict, plainSchema } = fitArguments(allowed, path, context);
  const hasArguments = context.upstream !== 'gemini' || hasProperties(schema);
  return {
    ...without(allowed, 'parameters', 'plainSchema'),
    ...(hasArguments && { parameters: schema }),
    ...(hasArguments && plainSchema && { plainSchema }),
    ...(isStrict && context.profile.strictTools && { strict }),
  };
}

interface FittedSchema {
  readonly schema: JsonObject;
  readonly strict: boolean;
  readonly plainSchema?: true;
}

function fitArguments(
  { parameters, strict = false }: CanonicalTool,
  path: string,
  { profile }: PrepareContext,
): FittedSchema {
  switch (profile.schemaDialect) {
    case 'json-schema':
      return { schema: rootObject(parameters), strict };
    case 'openai':
      return strict
        ? sanitizeOpenAiSchema(mergedRootObject(parameters))
        : { schema: mergedRootObject(parameters), strict };
    case 'anthropic': {
      const schema = mergedRootObject(parameters);
      return { schema: strict ? sanitizeAnthropicSchema(schema, path) : schema, strict };
    }
    case 'gemini':
      return { ...fitGeminiSchema(mergedRootObject(parameters), path), strict };
  }
}

/** Gemini refuses an object of nothing. */
function hasProperties({ properties }: JsonObject): boolean {
  return isJsonObject(properties) && Object.keys(properties).length > 0;
}

function fitOutputSchema({ output, dialect }: CanonicalRequest, { profile }: PrepareContext): OutputFormat {
  if (output.kind !== 'schema') return output;
  const param = callerName(dialect, 'output');
  switch (profile.schemaDialect) {
    case 'json-schema':
      return output;
    case 'openai':
      return output.strict === true ? { ...output, ...sanitizeOpenAiSchema(output.schema) } : output;
    case 'anthropic':
      return { ...output, schema: sanitizeAnthropicSchema(output.schema, param) };
    case 'gemini':
      return fitGeminiOutput(output, param);
  }
}

/** A schema that asks for nothing is refused as one, and means no more than any JSON. */
function fitGeminiOutput(output: OutputFormat & { readonly kind: 'schema' }, param: string): OutputFormat {
  const { plainSchema: _, ...rest } = output;
  return Object.keys(output.schema).length === 0
    ? { kind: 'json' }
    : { ...rest, ...fitGeminiSchema(output.schema, param) };
}

/** Objects with any members cannot be said in Gemini's own subset, which refuses objects of nothing: these stay JSON Schema. */
function fitGeminiSchema(schema: JsonObject, param: string): Pick<FittedSchema, 'schema' | 'plainSchema'> {
  const fitted = sanitizeGeminiSchema(schema, param);
  return holdsOpenObject(fitted) ? { schema, plainSchema: true } : { schema: fitted };
}
