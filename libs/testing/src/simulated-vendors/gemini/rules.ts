import { familyOf } from '../turn/scenario.ts';
import { brokenRule, brokenRules, type Violation } from '../violation.ts';
import { checkContents } from './content-rules.ts';
import { isThinkingFamily, knowsLevels, takesBudget } from './model-family.ts';
import type { GenerateContentRequest } from './schema.ts';
import { checkOpenApiSchema, checkTools } from './tool-rules.ts';

/** The rules between the fields of a request to a model. */
export function checkGenerate(body: GenerateContentRequest, model: string): readonly Violation[] {
  const family = familyOf(model);
  return [
    ...checkContents(body.contents, family),
    ...checkTools(body),
    ...checkThinking(body, family),
    ...checkOutput(body, family),
    ...checkCached(body),
  ];
}

function checkThinking({ generationConfig }: GenerateContentRequest, family: string): Violation[] {
  const thinking = generationConfig?.thinkingConfig;
  if (!thinking) return [];
  const path = ['generationConfig', 'thinkingConfig'];
  const violations: Violation[] = [];
  if (thinking.thinkingBudget !== undefined && thinking.thinkingLevel !== undefined) {
    violations.push(brokenRule(path, 'You can only set only one of thinking budget and thinking level.'));
  }
  if (thinking.thinkingLevel !== undefined && !knowsLevels(family)) {
    violations.push(brokenRule(path, 'Thinking level is not supported for this model.'));
  }
  if (thinking.thinkingBudget !== undefined && !takesBudget(family)) {
    violations.push(brokenRule(path, 'Thinking budget is not supported for this model.'));
  }
  if (thinking.thinkingBudget === 0 && /pro/.test(family)) {
    violations.push(brokenRule(path, 'Budget 0 is invalid. This model only works in thinking mode.'));
  }
  return violations;
}

function checkOutput({ generationConfig: config, tools }: GenerateContentRequest, family: string): Violation[] {
  if (!config) return [];
  const { responseMimeType: mimeType, responseSchema, responseJsonSchema } = config;
  const path = ['generationConfig'];
  const hasSchema = responseSchema !== undefined || responseJsonSchema !== undefined;
  const hasFunctions = tools?.some((tool) => tool.functionDeclarations?.length) === true;
  const isJson = mimeType === 'application/json';
  return [
    ...brokenRules([
      [
        hasSchema && !isJson && mimeType !== 'text/x.enum',
        path,
        'Response schema is only supported with response mime type: application/json',
      ],
      [
        responseSchema !== undefined && responseJsonSchema !== undefined,
        path,
        'Only one of response_schema and response_json_schema may be set.',
      ],
      [
        isJson && hasFunctions && !isThinkingFamily(family),
        path,
        "Function calling with a response mime type: 'application/json' is unsupported",
      ],
      [
        config.logprobs !== undefined && config.responseLogprobs !== true,
        path,
        'logprobs is only allowed when response_logprobs is true.',
      ],
    ]),
    ...(responseSchema ? checkOpenApiSchema(responseSchema, [...path, 'responseSchema']) : []),
  ];
}

function checkCached({ cachedContent, systemInstruction, tools, toolConfig }: GenerateContentRequest): Violation[] {
  if (cachedContent === undefined || !(systemInstruction ?? tools ?? toolConfig)) return [];
  const message =
    'CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.';
  return [brokenRule(['cachedContent'], message)];
}
