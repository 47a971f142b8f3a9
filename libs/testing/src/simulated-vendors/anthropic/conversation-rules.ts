import { isMinted } from '../turn/signature-mint.ts';
import { brokenRule, type Violation } from '../violation.ts';
import type { ContentBlock } from './content-schema.ts';
import type { Message } from './schema.ts';

/** Neighbours of one role as the API sees them: merged, each block with the path that it came by. */
interface MergedTurn {
  readonly role: Message['role'];
  readonly blocks: { readonly block: ContentBlock; readonly path: (string | number)[] }[];
}

/** Rules for turns and their order. */
export function checkConversation(messages: readonly Message[]): readonly Violation[] {
  const turns = mergeTurns(messages);
  const first = turns.find(({ role }) => role !== 'system');
  const beginning =
    first?.role === 'user' ? [] : [brokenRule(['messages', 0], 'messages: first message must use the "user" role')];
  return [
    ...beginning,
    ...messages.flatMap((message, index) => checkNotEmpty(message, index, index === messages.length - 1)),
    ...turns.flatMap((turn) => turn.blocks.flatMap(({ block, path }) => checkBlock(block, path, turn.role))),
    ...turns.flatMap((turn, index) => checkToolPairs(turn, turns[index - 1], turns[index + 1])),
    ...checkUniqueIds(turns),
  ];
}

function mergeTurns(messages: readonly Message[]): MergedTurn[] {
  const turns: MergedTurn[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const list: ContentBlock[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    const at = (position: number) => ['messages', index, 'content', ...(typeof content === 'string' ? [] : [position])];
    const blocks = list.map((block, position) => ({ block, path: at(position) }));
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks });
  }
  return turns;
}

function checkNotEmpty({ role, content }: Message, index: number, isLast: boolean): Violation[] {
  if (content.length > 0 || (isLast && role === 'assistant')) return [];
  const message = `messages.${index}: all messages must have non-empty content except for the optional final assistant message`;
  return [brokenRule(['messages', index], message)];
}

function checkBlock(block: ContentBlock, path: (string | number)[], role: Message['role']): Violation[] {
  switch (block.type) {
    case 'text':
      if (block.text === '') return [brokenRule(path, 'messages: text content blocks must be non-empty')];
      return block.text.trim() === ''
        ? [brokenRule(path, 'messages: text content blocks must contain non-whitespace text')]
        : [];
    case 'thinking':
      return isMinted('anthropic', block.signature, block.thinking)
        ? onlyIn('assistant', role, block.type, path)
        : [brokenRule(path, `${path.join('.')}: Invalid \`signature\` in \`thinking\` block`)];
    case 'redacted_thinking':
      return isMinted('anthropic', block.data, '')
        ? []
        : [brokenRule(path, `${path.join('.')}: Invalid \`data\` in \`redacted_thinking\` block`)];
    case 'tool_use':
      return onlyIn('assistant', role, block.type, path);
    case 'tool_result':
    case 'image':
      return onlyIn('user', role, block.type, path);
    default:
      return [];
  }
}

function onlyIn(wanted: string, role: string, type: string, path: (string | number)[]): Violation[] {
  return role === wanted ? [] : [brokenRule(path, `\`${type}\` blocks are only permitted in \`${wanted}\` messages`)];
}

/** Each call is answered at the very beginning of the next turn, and nothing else is answered there. */
function checkToolPairs(turn: MergedTurn, before: MergedTurn | undefined, after: MergedTurn | undefined): Violation[] {
  const results = turn.blocks.flatMap(({ block, path }) => (block.type === 'tool_result' ? [{ block, path }] : []));
  const callsBefore = callIds(before);
  const stray = results
    .filter(({ block }) => !callsBefore.includes(block.tool_use_id))
    .map(({ block, path }) =>
      brokenRule(
        path,
        `${path.join('.')}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${block.tool_use_id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      ),
    );
  if (after === undefined || callIds(turn).length === 0) return stray;
  const leading = new Set<string>();
  for (const { block } of after.blocks) {
    if (block.type !== 'tool_result') break;
    leading.add(block.tool_use_id);
  }
  const unanswered = callIds(turn).filter((id) => !leading.has(id));
  const path = turn.blocks[0]?.path.slice(0, 2) ?? [];
  const message = `${path.join('.')}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${unanswered.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
  return unanswered.length > 0 ? [...stray, brokenRule(path, message)] : stray;
}

function callIds(turn: MergedTurn | undefined): readonly string[] {
  return turn?.blocks.flatMap(({ block }) => (block.type === 'tool_use' ? [block.id] : [])) ?? [];
}

function checkUniqueIds(turns: readonly MergedTurn[]): Violation[] {
  const seen = new Set<string>();
  return turns.flatMap((turn) =>
    callIds(turn).flatMap((id) => {
      if (seen.has(id)) return [brokenRule(['messages'], 'messages: `tool_use` ids must be unique')];
      seen.add(id);
      return [];
    }),
  );
}
