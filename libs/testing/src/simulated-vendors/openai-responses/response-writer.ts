import { sseFrame } from '../sse-frame.ts';
import { idFor, type Turn } from '../turn/turn.ts';
import type { Frame, TurnWriter } from '../vendor.ts';
import { outputItems } from './output-items.ts';
import type { ResponsesRequest } from './schema.ts';

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

const CREATED_AT = 1_795_262_400;

/** Writes turns as the Responses API does. */
export class ResponseWriter implements TurnWriter {
  readonly stream: boolean;
  readonly contentType = 'text/event-stream; charset=utf-8';
  readonly #request: ResponsesRequest;

  constructor(request: ResponsesRequest) {
    this.#request = request;
    this.stream = request.stream === true;
  }

  whole(turn: Turn): unknown {
    return this.#final(turn);
  }

  *frames(turn: Turn): Iterable<Frame> {
    const items = outputItems(turn, this.#request);
    const between = items.flatMap(({ added, events, done }, index): Event[] => [
      { type: 'response.output_item.added', output_index: index, item: added },
      ...events.map((event) => ({ ...event, output_index: index })),
      { type: 'response.output_item.done', output_index: index, item: done },
    ]);
    const final = this.#final(turn);
    // Recorded: items whose id changes with every event, and a last response without output.
    const told = turn.odd ? between.map(withRotatedId) : between;
    const response = turn.odd ? { ...final, output: [] } : final;
    yield* numbered([...this.#beginning(turn), ...told, { type: `response.${final.status}`, response }]);
  }

  /** An error is told twice, first with its details wrapped: that is how it was recorded. */
  *errorFrames(turn: Turn, sent: number): Iterable<Frame> {
    const quota = {
      code: 'insufficient_quota',
      message: 'You exceeded your current quota, please check your plan and billing details.',
    };
    const server = {
      code: 'server_error',
      message: 'The server had an error while processing your request. Sorry about that!',
    };
    const error = sent > 0 ? server : quota;
    const response = { ...this.#skeleton(turn), status: 'failed', error };
    const ending: Event[] = [
      { type: 'error', error: { type: error.code, ...error, param: null } },
      { type: 'response.failed', response },
    ];
    yield* sent > 0 ? numbered(ending, sent) : numbered([...this.#beginning(turn), ...ending]);
  }

  #beginning(turn: Turn): Event[] {
    const response = this.#skeleton(turn);
    return [
      { type: 'response.created', response },
      { type: 'response.in_progress', response },
    ];
  }

  #final(turn: Turn) {
    const reasons = { length: 'max_output_tokens', filter: 'content_filter' } as const;
    const reason = turn.stop === 'length' || turn.stop === 'filter' ? reasons[turn.stop] : null;
    return {
      ...this.#skeleton(turn),
      status: reason === null ? 'completed' : 'incomplete',
      ...(reason === null ? { completed_at: CREATED_AT + 1 } : { incomplete_details: { reason } }),
      output: outputItems(turn, this.#request).map(({ done }) => done),
      usage: usageOf(turn),
    };
  }

  #skeleton(turn: Turn) {
    const request = this.#request;
    return {
      id: `resp_${idFor(turn, 'response', 48)}`,
      object: 'response',
      created_at: CREATED_AT,
      status: 'in_progress',
      access_programs: null,
      background: false,
      completed_at: null,
      error: null,
      incomplete_details: null,
      max_tool_calls: null,
      model: turn.model,
      output: [],
      previous_response_id: null,
      reasoning: { ...defaults.reasoning, ...request.reasoning },
      service_tier: 'default',
      text: { ...defaults.text, ...request.text },
      top_logprobs: 0,
      truncation: 'disabled',
      usage: null,
      user: null,
      ...echoed(request),
    };
  }
}

function withRotatedId(event: Event, index: number): Event {
  if ('item_id' in event) return { ...event, item_id: `${String(event['item_id'])}${index}` };
  const item = event['item'] as { id: string } | undefined;
  return item ? { ...event, item: { ...item, id: `${item.id}${index}` } } : event;
}

/** What an answer says of parameters that the request left out. */
const defaults = {
  reasoning: { effort: null, summary: null },
  text: { format: { type: 'text' }, verbosity: 'medium' },
  echoed: {
    instructions: null,
    max_output_tokens: null,
    parallel_tool_calls: true,
    prompt_cache_key: null,
    safety_identifier: null,
    store: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    metadata: {},
  },
} as const;

/** Parameters that the answer repeats. */
function echoed(request: ResponsesRequest): object {
  const repeated = Object.entries(defaults.echoed).map(([name, value]) => [
    name,
    request[name as keyof typeof defaults.echoed] ?? value,
  ]);
  return Object.fromEntries(repeated) as object;
}

function usageOf({ usage }: Turn): object {
  const input = usage.inputUncached + usage.cacheRead + usage.cacheWrite;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      ...(usage.cacheWrite > 0 ? { cache_write_tokens: usage.cacheWrite } : {}),
    },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + usage.output,
  };
}

function numbered(events: readonly Event[], first = 0): string[] {
  return events.map((event, index) => sseFrame({ ...event, sequence_number: first + index }, event.type));
}
