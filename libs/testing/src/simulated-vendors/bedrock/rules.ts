import { decodeBase64 } from '../decode-media.ts';
import { isMinted } from '../turn/signature-mint.ts';
import { brokenRule, brokenRules, type Violation } from '../violation.ts';
import type { ContentBlock, ConverseRequest, Message } from './schema.ts';

const documentName = /^[A-Za-z0-9\-()[\]]+( [A-Za-z0-9\-()[\]]+)*$/;

/** The rules between the fields of a request to Converse. */
export function checkConverse(body: ConverseRequest): readonly Violation[] {
  return [
    ...checkTurns(body.messages),
    ...body.messages.flatMap((message, index) => checkBlocks(message, index)),
    ...checkPairs(body.messages),
    ...checkTools(body),
    ...checkSchema(body),
  ];
}

function checkTurns(messages: readonly Message[]): Violation[] {
  if (messages[0]?.role !== 'user') {
    return [
      brokenRule(
        ['messages'],
        'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
      ),
    ];
  }
  return messages.flatMap(({ role, content }, index) => {
    const path = ['messages', index];
    if (messages[index - 1]?.role === role) {
      return [
        brokenRule(
          path,
          'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
        ),
      ];
    }
    if (content.length > 0) return [];
    return [
      brokenRule(
        [...path, 'content'],
        `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
      ),
    ];
  });
}

function checkBlocks({ role, content }: Message, turn: number): Violation[] {
  const violations = content.flatMap((block, position) =>
    checkBlock(block, role, ['messages', turn, 'content', position]),
  );
  const documents = content.flatMap(({ document }) => document ?? []);
  if (documents.length > 0 && !content.some(({ text }) => text !== undefined)) {
    violations.push(
      brokenRule(
        ['messages', turn],
        'The model returned the following errors: a text block is required in a message with documents.',
      ),
    );
  }
  const names = documents.map(({ name }) => name);
  if (new Set(names).size < names.length)
    violations.push(brokenRule(['messages', turn], 'The documents in a message must have unique names.'));
  return violations;
}

function checkBlock(block: ContentBlock, role: string, path: (string | number)[]): Violation[] {
  const set = Object.values(block).filter((value) => value !== undefined);
  if (set.length !== 1) return [brokenRule(path, 'Union ContentBlock must have exactly one member set.')];
  const isBlank = block.text?.trim() === '';
  const input = block.toolUse?.input ?? {};
  const thoughts = block.reasoningContent?.reasoningText;
  const home = homeOf(block) ?? role;
  return [
    ...brokenRules([
      [
        isBlank,
        [...path, 'text'],
        `The text field in the ContentBlock object at ${path.join('.')} is blank. Add text to the text field, and try again.`,
      ],
      [
        typeof input !== 'object' || Array.isArray(input),
        [...path, 'toolUse', 'input'],
        'The format of the value at toolUse.input is invalid. Provide a json object for the field and try again.',
      ],
      [
        thoughts !== undefined && !isMinted('bedrock', thoughts.signature ?? '', thoughts.text),
        path,
        `${path.join('.')}: Invalid \`signature\` in \`thinking\` block`,
      ],
      [home !== role, path, `This content block is only allowed in ${home} messages.`],
    ]),
    ...checkMedia(block, path),
  ];
}

/** The role whose messages alone can hold the block; null for any. */
function homeOf(block: ContentBlock): Message['role'] | null {
  if (block.toolUse ?? block.reasoningContent) return 'assistant';
  return block.toolResult ? 'user' : null;
}

function checkMedia({ image, document }: ContentBlock, path: (string | number)[]): Violation[] {
  const source = image?.source ?? document?.source;
  return brokenRules([
    [
      source !== undefined && 'bytes' in source && decodeBase64(source.bytes) === null,
      path,
      'SerializationException: bytes is not valid base64',
    ],
    [
      document !== undefined && !documentName.test(document.name),
      [...path, 'document', 'name'],
      "The file name provided can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character.",
    ],
  ]);
}

function checkPairs(messages: readonly Message[]): Violation[] {
  return messages.flatMap(({ content }, index) => {
    const calls = content.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
    const next = messages[index + 1];
    const results = next?.content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []) ?? [];
    const violations: Violation[] = [];
    const open = next === undefined ? [] : calls.filter((id) => !results.includes(id));
    if (open.length > 0) {
      violations.push(
        brokenRule(
          ['messages', index],
          `Expected toolResult blocks at messages.${index + 1}.content for the following Ids: ${open.join(', ')}`,
        ),
      );
    }
    if (results.length > calls.length || results.some((id) => !calls.includes(id))) {
      violations.push(
        brokenRule(
          ['messages', index + 1],
          `The number of toolResult blocks at messages.${index + 1}.content exceeds the number of toolUse blocks of previous turn.`,
        ),
      );
    }
    return violations;
  });
}

function checkTools({ messages, toolConfig }: ConverseRequest): Violation[] {
  const usesTools = messages.some(({ content }) => content.some((block) => block.toolUse ?? block.toolResult));
  if (usesTools && !toolConfig) {
    return [
      brokenRule(
        ['toolConfig'],
        'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
      ),
    ];
  }
  const violations: Violation[] = [];
  const specs = (toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec ?? []);
  for (const { name, inputSchema } of specs) {
    if (inputSchema.json['type'] !== 'object') {
      violations.push(
        brokenRule(
          ['toolConfig'],
          `The value at toolConfig.tools.toolSpec.inputSchema.json.type must be one of the following: object. (${name})`,
        ),
      );
    }
  }
  const choice = toolConfig?.toolChoice;
  if (choice && 'tool' in choice && !specs.some(({ name }) => name === choice.tool.name)) {
    violations.push(brokenRule(['toolConfig', 'toolChoice'], 'The tool specified in toolChoice is not in tools.'));
  }
  return violations;
}

function checkSchema({ outputConfig }: ConverseRequest): Violation[] {
  const text = outputConfig?.textFormat?.structure.jsonSchema.schema;
  if (text === undefined) return [];
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [
      brokenRule(['outputConfig', 'textFormat'], `The JSON schema is not valid JSON: ${(error as Error).message}`),
    ];
  }
}
