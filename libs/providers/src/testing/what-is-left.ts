import type { ConversationView, PartView, SettingsView, TurnView } from './conversation-view.ts';

type Change = (view: ConversationView) => ConversationView;
type ResultView = Extract<PartView, { type: 'result' }>;

/** Without some settings. */
export const withoutSettings =
  (...names: readonly string[]): Change =>
  (view) =>
    withSettings(view, Object.fromEntries(names.map((name) => [name, undefined])));

export const withSettings = (view: ConversationView, changes: SettingsView): ConversationView => ({
  ...view,
  settings: { ...view.settings, ...changes },
});

/** With something else in place of each part. */
export const withParts =
  (change: (part: PartView) => readonly PartView[]): Change =>
  (view) => ({ ...view, turns: view.turns.map((turn) => ({ ...turn, parts: turn.parts.flatMap(change) })) });

const withResults = (change: (part: ResultView) => ResultView): Change =>
  withParts((part) => [part.type === 'result' ? change(part) : part]);

const isText = (part: PartView): part is Extract<PartView, { type: 'text' }> => part.type === 'text';
const joinedTexts = (parts: readonly PartView[], separator: string): readonly PartView[] => {
  const texts = parts.filter(isText).map(({ text }) => text);
  return texts.length === 0 ? [] : [{ type: 'text', text: texts.join(separator) }];
};

/** Results that do not say whether they are errors. */
export const withoutErrorMarks: Change = withResults((result) => ({ ...result, isError: false }));

/** Results whose texts are one, in front of their media. */
export const withOneTextPerResult: Change = withResults((result) => {
  const media = result.parts.filter((part) => !isText(part));
  return { ...result, parts: [...joinedTexts(result.parts, '\n'), ...media] };
});

/** The same where there is nothing but texts. */
export const withOneTextPerResultOfTexts: Change = withResults((result) =>
  result.parts.every(isText) ? { ...result, parts: joinedTexts(result.parts, '\n') } : result,
);

/** Assistant's turns of thoughts, one text, and calls, in this order. */
export const withOneTextBeforeCalls: Change = (view) => ({ ...view, turns: view.turns.map(orderTurn) });

function orderTurn(turn: TurnView): TurnView {
  if (turn.role !== 'assistant') return turn;
  const of = (type: PartView['type']): readonly PartView[] => turn.parts.filter((part) => part.type === type);
  return { ...turn, parts: [...of('reasoning'), ...joinedTexts(turn.parts, ''), ...of('call')] };
}

/** Neighbouring texts of the assistant as one. */
export const withNeighbouringTextsJoined: Change = (view) => ({
  ...view,
  turns: view.turns.map((turn) =>
    turn.role === 'assistant' ? { ...turn, parts: turn.parts.reduce(joinNeighbour, []) } : turn,
  ),
});

function joinNeighbour(joined: readonly PartView[], part: PartView): readonly PartView[] {
  const last = joined.at(-1);
  if (last?.type !== 'text' || part.type !== 'text') return [...joined, part];
  return [...joined.slice(0, -1), { type: 'text', text: last.text + part.text }];
}

/** The media of results behind all results, each under the name of its call. */
export const withMediaBehindResults: Change = (view) => ({
  ...view,
  turns: view.turns.map((turn, index) => moveMedia(turn, view, index)),
});

function moveMedia(turn: TurnView, view: ConversationView, index: number): TurnView {
  const results = turn.parts.filter((part) => part.type === 'result');
  if (results.length === 0) return turn;
  const calls = view.turns[index - 1]?.parts.filter((part) => part.type === 'call') ?? [];
  const attached = results.flatMap(({ call, parts }): readonly PartView[] => {
    const media = parts.filter((part) => !isText(part));
    const name = calls.find((candidate) => candidate.call === call)?.name;
    return media.length === 0
      ? []
      : [{ type: 'text', text: `Attached output of ${name} (${view.callIds[call]}):` }, ...media];
  });
  return {
    ...turn,
    parts: [...results.map(withoutMedia), ...attached, ...turn.parts.filter((part) => part.type !== 'result')],
  };
}

function withoutMedia(result: ResultView): ResultView {
  const texts = result.parts.filter(isText);
  if (texts.length === result.parts.length) return result;
  return { ...result, parts: texts.length > 0 ? texts : [{ type: 'text', text: '[The output is attached below.]' }] };
}

/** System texts as one. */
export const withOneSystemText =
  (separator: string): Change =>
  (view) =>
    view.system.length === 0 ? view : { ...view, system: [view.system.join(separator)] };

/** Documents without names. */
export const withoutFileNames: Change = withParts((part) => [
  part.type === 'media' ? { type: 'media', kind: part.kind, data: part.data } : part,
]);

/** The schema of the output with some fields changed; nothing where no schema is asked for. */
export const withOutputSchema =
  (change: (output: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>): Change =>
  (view) => {
    const output = view.settings['output'] as Readonly<Record<string, unknown>>;
    return output['kind'] === 'schema' ? withSettings(view, { output: change(output) }) : view;
  };

/** Documents that had no name with this one. */
export const withFileName = (filename: string): Change =>
  withParts((part) => [part.type === 'media' && part.kind === 'document' ? { filename, ...part } : part]);

/** One call at a time as Anthropic knows it: only of a choice that allows calls. */
export const withParallelCallsInChoice: Change = (view) => {
  const { toolChoice, parallelToolCalls } = view.settings;
  if (parallelToolCalls !== false) return withSettings(view, { parallelToolCalls: undefined });
  if (toolChoice === undefined) return withSettings(view, { toolChoice: { mode: 'auto' } });
  return (toolChoice as { mode: string }).mode === 'none' ? withSettings(view, { parallelToolCalls: undefined }) : view;
};

/** Documents under names of their own, and a text that lists them where a turn has no other. */
export const withNumberedDocuments: Change = (view) => {
  let count = 0;
  const named = (part: PartView): PartView => {
    if (part.type !== 'media' || part.kind !== 'document') return part;
    count += 1;
    const stem = part.filename?.replace(/\.pdf$/, '') ?? 'document';
    return { ...part, filename: count === 1 ? stem : `${stem} ${count}` };
  };
  return { ...view, turns: view.turns.map((turn) => listDocuments({ ...turn, parts: turn.parts.map(named) })) };
};

function listDocuments(turn: TurnView): TurnView {
  const names = turn.parts.flatMap((part) =>
    part.type === 'media' && part.filename !== undefined ? [part.filename] : [],
  );
  if (names.length === 0 || turn.parts.some(isText)) return turn;
  return { ...turn, parts: [...turn.parts, { type: 'text', text: `Attached: ${names.join(', ')}` }] };
}

/** The choice of no tool as Converse knows it: no tools, unless the conversation has calls, whose definitions are demanded. */
export const withoutChoiceOfNone: Change = (view) => {
  const hasCalls = view.callIds.length > 0;
  const isNone = (view.settings['toolChoice'] as { mode: string } | undefined)?.mode === 'none';
  const chosen = isNone ? withSettings(view, { toolChoice: undefined }) : view;
  const tools = isNone && !hasCalls ? [] : view.tools;
  return { ...chosen, tools: tools.length === 0 && hasCalls ? [NO_TOOL] : tools };
};

const NO_TOOL: SettingsView = {
  kind: 'function',
  name: 'no_tool',
  description: 'There is no tool any more. Never call this.',
  parameters: { type: 'object', properties: {} },
  strict: false,
};
