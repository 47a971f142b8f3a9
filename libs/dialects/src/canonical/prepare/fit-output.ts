import type { CanonicalRequest, CanonicalTool, OutputFormat, SystemText, ToolChoice } from '../canonical-request.ts';
import type { JsonObject } from '../json.ts';
import type { PrepareContext } from '../prepare-context.ts';

const OUTPUT_TOOL = 'json';
const ANY_OBJECT: JsonObject = { type: 'object', properties: {}, additionalProperties: true };
const PLEA = 'Respond only with a single valid JSON object.';
const PLEA_WITH_SCHEMA = 'Respond only with a single valid JSON document that conforms to this JSON Schema:';

type WantedOutput = Exclude<OutputFormat, { readonly kind: 'text' }>;

/** A request, and the tool whose arguments are to become the answer. */
interface FittedOutput {
  readonly request: CanonicalRequest;
  readonly outputTool?: string;
}

/**
 * Asks for structured output in the way that the model knows: its own, a forced tool, or words. Any JSON without a schema is
 * asked for in words where the vendor only knows schemas. What was turned into a tool or words is `text` from then on.
 */
export function fitOutput(request: CanonicalRequest, { upstream, profile }: PrepareContext): FittedOutput {
  const { output } = request;
  if (output.kind === 'text') return { request };
  const isForeign = upstream === 'anthropic' || upstream === 'bedrock-converse';
  const words = profile.structuredOutput === 'prompt' || (output.kind === 'json' && isForeign);
  if (words) return { request: askInWords(request, output) };
  return profile.structuredOutput === 'native' ? { request } : forceTool(request, output);
}

function askInWords(request: CanonicalRequest, output: WantedOutput): CanonicalRequest {
  const text = output.kind === 'json' ? PLEA : `${PLEA_WITH_SCHEMA}\n${JSON.stringify(output.schema)}`;
  const plea: SystemText = { type: 'text', text, origin: 'system' };
  return { ...request, system: [...request.system, plea], output: { kind: 'text' } };
}

function forceTool(request: CanonicalRequest, output: WantedOutput): FittedOutput {
  const outputTool = freeName(request);
  const description = output.kind === 'schema' ? output.description : undefined;
  const tool: CanonicalTool = {
    kind: 'function',
    name: outputTool,
    description: description ?? 'Respond with this tool. Its arguments are the answer.',
    parameters: output.kind === 'schema' ? output.schema : ANY_OBJECT,
  };
  const toolChoice = choiceFor(request, outputTool);
  return {
    request: { ...request, tools: [...request.tools, tool], toolChoice, output: { kind: 'text' } },
    outputTool,
  };
}

/** The caller's own tools stay in reach; a tool that the caller forces goes before. */
function choiceFor({ tools, toolChoice }: CanonicalRequest, outputTool: string): ToolChoice {
  if (toolChoice?.mode === 'named') return toolChoice;
  const mayUseOthers = tools.length > 0 && toolChoice?.mode !== 'none';
  return mayUseOthers ? { mode: 'required' } : { mode: 'named', name: outputTool };
}

function freeName({ tools }: CanonicalRequest): string {
  const taken = new Set(tools.map(({ name }) => name));
  let name = OUTPUT_TOOL;
  for (let count = 2; taken.has(name); count += 1) name = `${OUTPUT_TOOL}_${count}`;
  return name;
}
