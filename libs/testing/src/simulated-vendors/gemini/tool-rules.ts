import { brokenRule, brokenRules, type Violation } from '../violation.ts';
import type { GenerateContentRequest } from './schema.ts';
import type { OpenApiSchema } from './schema-schema.ts';

type Path = readonly (string | number)[];

/** Rules for tools, their schemas and how they are to be used. */
export function checkTools(body: GenerateContentRequest): readonly Violation[] {
  const declared = (body.tools ?? []).flatMap((tool, index) =>
    (tool.functionDeclarations ?? []).map((declaration, position) => ({
      declaration,
      path: ['tools', index, 'functionDeclarations', position],
    })),
  );
  const names = declared.map(({ declaration }) => declaration.name);
  return [
    ...checkConfig(body, names),
    ...brokenRules([[new Set(names).size < names.length, ['tools'], 'Duplicate function declaration found.']]),
    ...declared.flatMap(({ declaration, path }) => checkDeclaration(declaration, path)),
  ];
}

function checkConfig({ toolConfig }: GenerateContentRequest, names: readonly string[]): Violation[] {
  const config = toolConfig?.functionCallingConfig;
  if (!config) return [];
  const path = ['toolConfig', 'functionCallingConfig'];
  const allowed = config.allowedFunctionNames;
  const unknown = allowed?.find((name) => !names.includes(name));
  const mayName = config.mode === 'ANY' || config.mode === 'VALIDATED';
  return brokenRules([
    [
      config.mode !== 'NONE' && names.length === 0,
      path,
      'Function calling config is set without function_declarations.',
    ],
    [
      allowed !== undefined && !mayName,
      path,
      'allowed_function_names should be set only when function calling mode is ANY or VALIDATED.',
    ],
    [unknown !== undefined, path, `allowed_function_names contains an unknown function: ${unknown ?? ''}`],
  ]);
}

type Declaration = {
  readonly name: string;
  readonly parameters?: OpenApiSchema | undefined;
  readonly parametersJsonSchema?: unknown;
};

function checkDeclaration({ name, parameters, parametersJsonSchema }: Declaration, path: Path): Violation[] {
  const violations: Violation[] = [];
  if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/.test(name)) {
    violations.push(
      brokenRule(
        [...path, 'name'],
        'Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.',
      ),
    );
  }
  if (parameters && parametersJsonSchema !== undefined) {
    violations.push(brokenRule(path, 'Only one of parameters and parameters_json_schema may be set.'));
  }
  if (parameters && parameters.type?.toUpperCase() !== 'OBJECT') {
    violations.push(brokenRule([...path, 'parameters'], 'parameters schema should be of type OBJECT.'));
  }
  return [...violations, ...(parameters ? checkOpenApiSchema(parameters, [...path, 'parameters']) : [])];
}

/** What the API demands of its subset of OpenAPI beyond the names of the keywords. */
export function checkOpenApiSchema(schema: OpenApiSchema, path: Path): Violation[] {
  const type = schema.type?.toUpperCase();
  const properties = Object.entries(schema.properties ?? {});
  return [
    ...brokenRules([
      [type === undefined && !schema.anyOf, [...path, 'type'], 'missing field.'],
      [type === 'OBJECT' && properties.length === 0, [...path, 'properties'], 'should be non-empty for OBJECT type'],
      [type === 'ARRAY' && !schema.items, [...path, 'items'], 'missing field.'],
    ]),
    ...checkEnum(schema, path),
    ...checkRequired(schema, path),
    ...properties.flatMap(([name, inner]) => checkOpenApiSchema(inner, [...path, 'properties', name])),
    ...(schema.anyOf ?? []).flatMap((inner, index) => checkOpenApiSchema(inner, [...path, 'anyOf', index])),
    ...(schema.items ? checkOpenApiSchema(schema.items, [...path, 'items']) : []),
  ];
}

function checkEnum({ enum: values, type }: OpenApiSchema, path: Path): Violation[] {
  if (!values) return [];
  return brokenRules([
    [type?.toUpperCase() !== 'STRING', [...path, 'enum'], 'only allowed for STRING type'],
    [values.includes(''), [...path, 'enum'], 'cannot be empty'],
  ]);
}

function checkRequired({ required = [], properties = {} }: OpenApiSchema, path: Path): Violation[] {
  return required.flatMap((name, index) =>
    name in properties ? [] : [brokenRule([...path, 'required', index], 'property is not defined')],
  );
}
