import { readDataUrl } from '../decode-media.ts';
import { checkFunctionSchema } from '../openai-chat/function-schema-rules.ts';
import { checkImage } from '../openai-chat/message-rules.ts';
import { isReasoner } from '../openai-chat/model-rules.ts';
import { familyOf } from '../turn/scenario.ts';
import { isMinted } from '../turn/signature-mint.ts';
import { brokenRule, brokenRules, type Violation } from '../violation.ts';
import type { AnyPart, InputItem } from './item-schema.ts';
import type { ResponsesRequest } from './schema.ts';

/** The rules between the fields of a request to the Responses API. */
export function checkResponses(body: ResponsesRequest): readonly Violation[] {
  return [...checkInput(body), ...checkTools(body), ...checkFormat(body), ...checkModel(body), ...checkRest(body)];
}

function checkInput({ input, prompt, previous_response_id: previous, conversation }: ResponsesRequest): Violation[] {
  if (input === undefined) {
    const others = prompt ?? previous ?? conversation;
    return others
      ? []
      : [
          brokenRule(
            [],
            'One of "input" or "previous_response_id" or \'prompt\' or \'conversation_id\' must be provided.',
            'missing_required_parameter',
          ),
        ];
  }
  if (typeof input === 'string') return [];
  return [...input.flatMap((item, index) => checkItem(item, ['input', index])), ...(previous ? [] : checkPairs(input))];
}

function checkItem(item: InputItem, path: (string | number)[]): Violation[] {
  if (!('type' in item) || item.type === 'message') {
    const { role, content } = item as Extract<InputItem, { role: string }>;
    if (typeof content === 'string') return [];
    return content.flatMap((part, position) => checkPart(part, role, [...path, 'content', position]));
  }
  if (item.type === 'reasoning' && item.encrypted_content) {
    const shown = item.summary.map(({ text }) => text).join('');
    if (isMinted('openai', item.encrypted_content, shown)) return [];
    return [
      brokenRule(
        [...path, 'encrypted_content'],
        `The encrypted content ${item.encrypted_content.slice(0, 12)}... could not be verified. Reason: Encrypted content could not be decrypted or parsed.`,
        'invalid_encrypted_content',
      ),
    ];
  }
  if (item.type === 'item_reference') {
    return [
      brokenRule(path, `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false.`),
    ];
  }
  const output = item.type === 'function_call_output' || item.type === 'custom_tool_call_output' ? item.output : '';
  if (typeof output === 'string') return [];
  return (output as AnyPart[]).flatMap((part, position) => checkPart(part, 'user', [...path, 'output', position]));
}

/** What the model said is `output_text` or a refusal, what it was told is `input_*`. */
function checkPart(part: AnyPart, role: string, path: (string | number)[]): Violation[] {
  const isOutput = part.type === 'output_text' || part.type === 'refusal';
  if (isOutput !== (role === 'assistant')) {
    const supported =
      role === 'assistant' ? "'output_text' and 'refusal'" : "'input_text', 'input_image' and 'input_file'";
    const message = `Invalid value: '${part.type}'. Supported values are: ${supported}.`;
    return [brokenRule([...path, 'type'], message, 'invalid_value')];
  }
  if (part.type === 'input_image') {
    if (!part.image_url && !part.file_id) {
      return [brokenRule(path, 'Missing required parameter: image_url or file_id.')];
    }
    return part.image_url ? checkImage(part.image_url, [...path, 'image_url']) : [];
  }
  return part.type === 'input_file' ? checkFile(part, path) : [];
}

function checkFile(part: Extract<AnyPart, { type: 'input_file' }>, path: (string | number)[]): Violation[] {
  const { file_data: data, file_id: id, file_url: url, filename } = part;
  const given = [data, id, url].filter((value) => value != null);
  const isData = data != null;
  return brokenRules([
    [given.length !== 1, path, 'Exactly one of file_data, file_id and file_url must be given.'],
    [
      isData && !readDataUrl(data),
      [...path, 'file_data'],
      'Expected a base64-encoded data URL with an application/pdf MIME type.',
    ],
    [isData && !filename, [...path, 'filename'], 'Missing required parameter: filename.'],
  ]);
}

/** Every output has its call before it, every call its output after it. */
function checkPairs(input: readonly InputItem[]): Violation[] {
  const called = new Set<string>();
  const answered = new Set<string>();
  const violations: Violation[] = [];
  for (const item of input) {
    if (!('type' in item) || item.type === undefined) continue;
    if (item.type === 'function_call' || item.type === 'custom_tool_call') called.add(item.call_id);
    if (item.type === 'function_call_output' || item.type === 'custom_tool_call_output') {
      if (!called.has(item.call_id)) {
        violations.push(
          brokenRule(['input'], `No tool call found for function call output with call_id ${item.call_id}.`),
        );
      }
      answered.add(item.call_id);
    }
  }
  const open = [...called].filter((id) => !answered.has(id));
  return [...violations, ...open.map((id) => brokenRule(['input'], `No tool output found for function call ${id}.`))];
}

function checkTools({ tools = [], tool_choice: choice }: ResponsesRequest): Violation[] {
  const violations: Violation[] = [];
  if (choice !== undefined && choice !== 'none' && choice !== 'auto' && tools.length === 0) {
    violations.push(brokenRule(['tool_choice'], "Tool choice 'required' must be specified with 'tools' parameter."));
  }
  if (
    typeof choice === 'object' &&
    'name' in choice &&
    !tools.some((tool) => 'name' in tool && tool.name === choice.name)
  ) {
    violations.push(brokenRule(['tool_choice'], `Tool choice '${choice.name}' not found in 'tools' parameter.`));
  }
  const schemas = tools.flatMap((tool, index) =>
    tool.type === 'function' && 'name' in tool && tool.parameters
      ? checkFunctionSchema(`function '${String(tool.name)}'`, tool.parameters as never, tool.strict === true, [
          'tools',
          index,
          'parameters',
        ])
      : [],
  );
  return [...violations, ...schemas];
}

function checkFormat({ text, input, instructions }: ResponsesRequest): Violation[] {
  const format = text?.format;
  if (format?.type === 'json_schema') {
    return [
      ...checkFunctionSchema(`response_format '${format.name}'`, format.schema, format.strict === true, [
        'text',
        'format',
        'schema',
      ]),
    ];
  }
  if (format?.type !== 'json_object' || /json/i.test(JSON.stringify([input, instructions]))) return [];
  return [
    brokenRule(
      ['input'],
      "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
    ),
  ];
}

function checkModel(body: ResponsesRequest): Violation[] {
  const family = familyOf(body.model);
  const violations: Violation[] = [];
  if (isReasoner(family)) {
    for (const name of ['temperature', 'top_p'] as const) {
      if (body[name] != null && body[name] !== 1) {
        violations.push(
          brokenRule(
            [name],
            `Unsupported parameter: '${name}' is not supported with this model.`,
            'unsupported_parameter',
          ),
        );
      }
    }
  } else if (/gpt-[34]/.test(family) && body.reasoning?.effort) {
    violations.push(
      brokenRule(
        ['reasoning', 'effort'],
        "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
        'unsupported_parameter',
      ),
    );
  }
  return violations;
}

function checkRest({
  stream,
  stream_options: options,
  previous_response_id: previous,
  conversation,
}: ResponsesRequest): Violation[] {
  const violations: Violation[] = [];
  if (options != null && stream !== true) {
    violations.push(
      brokenRule(['stream_options'], "The 'stream_options' parameter is only allowed when 'stream' is enabled."),
    );
  }
  if (previous) {
    violations.push(
      brokenRule(
        ['previous_response_id'],
        `Previous response with id '${previous}' not found.`,
        'previous_response_not_found',
      ),
    );
  }
  if (previous && conversation) violations.push(brokenRule(['conversation'], 'Mutually exclusive parameters.'));
  return violations;
}
