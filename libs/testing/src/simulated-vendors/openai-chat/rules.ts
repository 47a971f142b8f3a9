import { brokenRule, type Violation } from '../violation.ts';
import { checkFunctionSchema } from './function-schema-rules.ts';
import { checkMessages } from './message-rules.ts';
import { checkModelRules } from './model-rules.ts';
import type { ChatRequest } from './schema.ts';

/** The rules between the fields of a chat request. `model` decides, which on Azure is not the one of the body. */
export function checkChat(body: ChatRequest, model: string): readonly Violation[] {
  return [
    ...checkCombinations(body),
    ...checkTools(body),
    ...checkFormat(body),
    ...checkMessages(body.messages),
    ...checkModelRules(body, model),
  ];
}

function checkCombinations(body: ChatRequest): Violation[] {
  const violations: Violation[] = [];
  if (body.stream_options != null && body.stream !== true) {
    violations.push(
      brokenRule(['stream_options'], "The 'stream_options' parameter is only allowed when 'stream' is enabled."),
    );
  }
  if (body.max_tokens != null && body.max_completion_tokens != null) {
    violations.push(
      brokenRule(['max_tokens'], "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."),
    );
  }
  if (body.top_logprobs != null && body.logprobs !== true) {
    violations.push(
      brokenRule(['top_logprobs'], "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."),
    );
  }
  if (body.functions && body.tools) {
    violations.push(brokenRule(['functions'], "'functions' and 'tools' are mutually exclusive."));
  }
  return violations;
}

function checkTools({ tools, tool_choice: choice, parallel_tool_calls: parallel }: ChatRequest): Violation[] {
  if (!tools) {
    const names = [
      ...(choice === undefined ? [] : ['tool_choice']),
      ...(parallel === undefined ? [] : ['parallel_tool_calls']),
    ];
    return names.map((name) =>
      brokenRule([name], `Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`),
    );
  }
  const violations: Violation[] = [];
  const names = tools.map((tool) => (tool.type === 'function' ? tool.function.name : tool.custom.name));
  const wanted = typeof choice !== 'object' || choice.type === 'allowed_tools' ? undefined : nameOf(choice);
  if (wanted !== undefined && !names.includes(wanted)) {
    violations.push(
      brokenRule(
        ['tool_choice'],
        `Invalid value for 'tool_choice': no function named '${wanted}' was specified in the 'tools' parameter.`,
      ),
    );
  }
  const schemas = tools.flatMap((tool, index) => {
    if (tool.type !== 'function' || !tool.function.parameters) return [];
    const { name, parameters, strict } = tool.function;
    return checkFunctionSchema(`function '${name}'`, parameters, strict === true, [
      'tools',
      index,
      'function',
      'parameters',
    ]);
  });
  return [...violations, ...schemas];
}

function nameOf(
  choice: { type: 'function'; function: { name: string } } | { type: 'custom'; custom: { name: string } },
): string {
  return choice.type === 'function' ? choice.function.name : choice.custom.name;
}

function checkFormat({ response_format: format, messages }: ChatRequest): Violation[] {
  if (format?.type === 'json_schema') {
    const { name, schema, strict } = format.json_schema;
    if (!schema)
      return [
        brokenRule(
          ['response_format', 'json_schema', 'schema'],
          "Missing required parameter: 'response_format.json_schema.schema'.",
          'missing_required_parameter',
        ),
      ];
    return [...checkFunctionSchema(`response_format '${name}'`, schema, strict === true, ['response_format'])];
  }
  if (format?.type !== 'json_object' || /json/i.test(JSON.stringify(messages.map(({ content }) => content)))) return [];
  const message =
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
  return [brokenRule(['messages'], message)];
}
