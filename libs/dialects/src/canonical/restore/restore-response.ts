import type { CanonicalPart } from '../canonical-part.ts';
import type { CanonicalChoice, CanonicalResponse, Finish } from '../canonical-response.ts';
import type { CallerTool } from '../prepare-context.ts';
import { unwrapInput } from './unwrap-input.ts';

/**
 * A model's answer with the tools as the caller knows them. Both arguments are those of the `PreparedRequest` that was
 * answered: the renamed tools, and the tool whose arguments are the structured output, which become text again.
 */
export function restoreResponse(
  response: CanonicalResponse,
  renamedTools: ReadonlyMap<string, CallerTool>,
  outputTool?: string,
): CanonicalResponse {
  if (renamedTools.size === 0 && outputTool === undefined) return response;
  return { ...response, choices: response.choices.map((choice) => restoreChoice(choice, renamedTools, outputTool)) };
}

function restoreChoice(
  choice: CanonicalChoice,
  renamedTools: ReadonlyMap<string, CallerTool>,
  outputTool: string | undefined,
): CanonicalChoice {
  const parts = choice.parts.map((part) => restorePart(part, renamedTools, outputTool));
  const wasOutput = choice.parts.some((part) => part.type === 'tool-call' && part.name === outputTool);
  const hasCalls = parts.some(({ type }) => type === 'tool-call');
  return { ...choice, parts, finish: wasOutput && !hasCalls ? finishOfOutput(choice.finish) : choice.finish };
}

/** The caller asked for no tool, so that its answer does not end with a call of one. */
export function finishOfOutput(finish: Finish): Finish {
  return finish.reason === 'tool-calls' ? { ...finish, reason: 'stop' } : finish;
}

function restorePart(
  part: CanonicalPart,
  renamedTools: ReadonlyMap<string, CallerTool>,
  outputTool: string | undefined,
): CanonicalPart {
  if (part.type !== 'tool-call') return part;
  if (part.name === outputTool) return { type: 'text', text: part.arguments };
  const tool = renamedTools.get(part.name);
  if (!tool) return part;
  const isWrapped = tool.kind === 'custom' && part.kind === 'function';
  return { ...part, ...tool, arguments: isWrapped ? unwrapInput(part.arguments) : part.arguments };
}
