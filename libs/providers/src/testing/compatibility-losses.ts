import type { Dialect } from '@penstock/contracts';
import type { ConversationView } from './conversation-view.ts';
import {
  withFileName,
  withMediaBehindResults,
  withNeighbouringTextsJoined,
  withNumberedDocuments,
  withOneSystemText,
  withOneTextBeforeCalls,
  withOneTextPerResult,
  withOneTextPerResultOfTexts,
  withoutChoiceOfNone,
  withoutErrorMarks,
  withoutFileNames,
  withOutputSchema,
  withoutSettings,
  withParallelCallsInChoice,
  withSettings,
} from './what-is-left.ts';

/** Something of a request that its upstream's dialect has no word for, or says in another way. */
export interface CompatibilityLoss {
  /** Callers of these dialects lose it. */
  readonly clients: readonly Dialect[] | 'all';
  readonly upstreams: readonly Dialect[];
  readonly what: string;
  readonly why: string;
  /** What is left of the conversation. */
  apply(view: ConversationView): ConversationView;
}

const asksToThink = ({ settings }: ConversationView): boolean => settings['effort'] !== undefined;
const PLEA = 'Respond only with a single valid JSON object.';

/**
 * All that a conversation loses between dialects at the ablest model of the upstream's, in the order in which it happens. What
 * a single model cannot do is said by its profile instead, and is lost on top of this.
 */
export const COMPATIBILITY_LOSSES: readonly CompatibilityLoss[] = [
  {
    clients: 'all',
    upstreams: ['openai-chat', 'openai-responses'],
    what: 'whether the result of a tool is an error',
    why: 'The dialect has no mark for it; the text of the result tells the model.',
    apply: withoutErrorMarks,
  },
  {
    clients: 'all',
    upstreams: ['openai-chat'],
    what: 'pictures within the results of tools follow behind them in a message of the user',
    why: 'The results of Chat are text.',
    apply: withMediaBehindResults,
  },
  {
    clients: 'all',
    upstreams: ['openai-chat', 'gemini'],
    what: "boundaries between the texts of a tool's result, which are lines of one text",
    why: 'Servers of Chat take one text more surely than a list; Gemini has one output.',
    apply: withOneTextPerResult,
  },
  {
    clients: 'all',
    upstreams: ['openai-responses'],
    what: "boundaries between the texts of a tool's result without pictures, which are lines of one text",
    why: 'A result of texts alone is a string.',
    apply: withOneTextPerResultOfTexts,
  },
  {
    clients: 'all',
    upstreams: ['openai-chat'],
    what: "boundaries between the assistant's texts, and that a text stood behind a call (reported)",
    why: 'A message of the assistant has one content and then its calls.',
    apply: withOneTextBeforeCalls,
  },
  {
    clients: ['anthropic', 'gemini'],
    upstreams: ['openai-responses'],
    what: 'boundaries between the texts of the system, which are lines of `instructions`',
    why: 'A system prompt that is no message there is none here.',
    apply: withOneSystemText('\n'),
  },
  {
    clients: 'all',
    upstreams: ['openai-responses'],
    what: 'stop, seed and penalties (reported)',
    why: 'The Responses API has no such parameters.',
    apply: withoutSettings('stop', 'seed', 'frequencyPenalty', 'presencePenalty'),
  },
  {
    clients: 'all',
    upstreams: ['openai-responses'],
    what: 'top-k (reported)',
    why: 'No model of OpenAI has it.',
    apply: withoutSettings('topK'),
  },
  {
    clients: ['anthropic', 'gemini'],
    upstreams: ['openai-chat', 'openai-responses'],
    what: 'nothing; a schema of the output gets the name that is demanded',
    why: 'Anthropic and Gemini name no schema.',
    apply: withOutputSchema((output) => ({ name: 'structured_output', ...output })),
  },
  {
    clients: ['gemini'],
    upstreams: ['openai-chat', 'openai-responses'],
    what: 'nothing; a document gets the name that is demanded',
    why: 'Inline data has no name.',
    apply: withFileName('document.pdf'),
  },
  {
    clients: 'all',
    upstreams: ['anthropic', 'gemini'],
    what: "verbosity, metadata and the key of the prompt's cache (reported)",
    why: 'The dialect has no word for them.',
    apply: withoutSettings('verbosity', 'metadata', 'promptCacheKey'),
  },
  {
    clients: 'all',
    upstreams: ['anthropic'],
    what: 'seed, penalties and log probabilities (reported)',
    why: 'Claude has none of them.',
    apply: withoutSettings('seed', 'frequencyPenalty', 'presencePenalty', 'logprobs'),
  },
  {
    clients: 'all',
    upstreams: ['anthropic', 'bedrock-converse'],
    what: 'temperature, top-p and top-k while the model thinks (reported)',
    why: 'Claude refuses them then.',
    apply: (view) => (asksToThink(view) ? withoutSettings('temperature', 'topP', 'topK')(view) : view),
  },
  {
    clients: 'all',
    upstreams: ['anthropic'],
    what: 'the wish for one call at a time where none may be made; elsewhere it stands in a choice, which is `auto` then',
    why: 'Anthropic has it within the choice of tools. Several calls are what happens anyway.',
    apply: withParallelCallsInChoice,
  },
  {
    clients: 'all',
    upstreams: ['anthropic'],
    what: 'service tiers other than the default (reported)',
    why: 'Anthropic sells no flex tier, and its priority is by contract.',
    apply: (view) => (view.settings['serviceTier'] === 'default' ? view : withoutSettings('serviceTier')(view)),
  },
  {
    clients: 'all',
    upstreams: ['anthropic'],
    what: 'nothing; the bound of the output is set where the caller sets none',
    why: 'Anthropic demands one.',
    apply: (view) => withSettings(view, { maxOutputTokens: view.settings['maxOutputTokens'] ?? 8192 }),
  },
  {
    clients: 'all',
    upstreams: ['anthropic', 'bedrock-converse'],
    what: 'output of any JSON is asked for in the words of the system',
    why: 'There a model is held to a schema only.',
    apply: (view) =>
      (view.settings['output'] as { kind: string }).kind === 'json'
        ? { ...withSettings(view, { output: { kind: 'text' } }), system: [...view.system, PLEA] }
        : view,
  },
  {
    clients: 'all',
    upstreams: ['anthropic'],
    what: 'name and looseness of a schema of the output',
    why: 'It has no name there and is always strict, so that its objects are closed.',
    apply: withOutputSchema(({ schema }) => ({
      kind: 'schema',
      schema: { ...(schema as object), additionalProperties: false },
      strict: true,
    })),
  },
  {
    clients: 'all',
    upstreams: ['gemini'],
    what: 'name, strictness and closed objects of a schema of the output',
    why: "Gemini's schemas know none of them.",
    apply: withOutputSchema(({ schema }) => {
      const { additionalProperties: _, ...known } = schema as Record<string, unknown>;
      return { kind: 'schema', schema: known };
    }),
  },
  {
    clients: 'all',
    upstreams: ['gemini'],
    what: 'who the end user is, and the wish for one call at a time (reported)',
    why: 'Gemini has no word for them.',
    apply: withoutSettings('endUser', 'parallelToolCalls'),
  },
  {
    clients: 'all',
    upstreams: ['gemini'],
    what: 'boundaries between neighbouring texts of the assistant',
    why: 'Pieces of a stream are sent back as parts there, and are read as the one text that they were.',
    apply: withNeighbouringTextsJoined,
  },
  {
    clients: 'all',
    upstreams: ['gemini'],
    what: 'names of files',
    why: 'Inline data has no name.',
    apply: withoutFileNames,
  },
  {
    clients: 'all',
    upstreams: ['gemini'],
    what: 'ids of calls, which are told apart by their order',
    why: 'Vertex refuses them.',
    apply: (view) => ({
      ...view,
      callIds: view.callIds.map((_, index) => `call${String(index + 1).padStart(5, '0')}`),
    }),
  },
  {
    clients: 'all',
    upstreams: ['bedrock-converse'],
    what: 'nothing; whether to stream stands in the path',
    why: 'Converse has two operations.',
    apply: (view) => withSettings(view, { stream: false }),
  },
  {
    clients: 'all',
    upstreams: ['bedrock-converse'],
    what: "seed, penalties, log probabilities, verbosity, the key of the prompt's cache, who the end user is, and the wish for one call at a time (reported)",
    why: 'Converse has no word for them.',
    apply: withoutSettings(
      'seed',
      'frequencyPenalty',
      'presencePenalty',
      'logprobs',
      'verbosity',
      'promptCacheKey',
      'endUser',
      'parallelToolCalls',
    ),
  },
  {
    clients: 'all',
    upstreams: ['bedrock-converse'],
    what: 'strictness of a schema of the output',
    why: 'It is always strict there.',
    apply: withOutputSchema(({ strict: _, ...output }) => output),
  },
  {
    clients: 'all',
    upstreams: ['bedrock-converse'],
    what: 'names of documents are cleaned and numbered, and a turn of documents alone gets a text that lists them',
    why: 'Converse allows few characters, no name twice, and no document without text.',
    apply: withNumberedDocuments,
  },
  {
    clients: 'all',
    upstreams: ['bedrock-converse'],
    what: 'the choice of no tool, which goes with the tools themselves (reported where calls keep them)',
    why: 'Converse has no such choice, and demands definitions where there were calls.',
    apply: withoutChoiceOfNone,
  },
];
