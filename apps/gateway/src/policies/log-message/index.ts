import type { ServerResponse } from 'node:http';
import { LogMessage } from '@penstock/contracts';
import type { Logger } from '@penstock/telemetry';
import type { z } from 'zod';
import { CLIENT_CLOSED } from '../../http/client-closed.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Policy } from '../policy.ts';
import { policyFactory } from '../policy-factory.ts';
import { boundedText, MAX_PAYLOAD_BYTES, shownHeaders } from './shown.ts';

type LogParams = z.output<typeof LogMessage.params>;

/** What is asked for of a request or of an answer, in either spelling. */
interface Wanted {
  readonly payload: boolean;
  readonly headers: boolean;
  readonly excluded: ReadonlySet<string>;
}

interface Side {
  headers?: Readonly<Record<string, string>>;
  payload?: string;
}

/** What is known of a request so far. */
interface Entry {
  readonly request: Side;
  readonly response: Side;
}

/** Writes one line for each request when its connection is done with it, however it ended. */
export const logMessage = policyFactory(LogMessage, (params, _owner, { logger }) => {
  const entries = new WeakMap<RequestContext, Entry>();
  const { request, response } = wantedOf(params);
  return {
    name: LogMessage.name,
    onHead({ context }) {
      const entry: Entry = { request: {}, response: {} };
      entries.set(context, entry);
      const { rawHeaders } = context.request;
      if (request.headers) entry.request.headers = shownHeaders(rawHeaders, request.excluded);
      context.response.once('close', () => write(logger, context, entry));
      return undefined;
    },
    ...readers(request, response, (context) => entries.get(context)),
  };
});

/** Only what is asked for is read: an answer that nobody logs passes unparsed. */
function readers(
  request: Wanted,
  response: Wanted,
  entryOf: (context: RequestContext) => Entry | undefined,
): Partial<Policy> {
  const readsRequest: Pick<Policy, 'onBody'> = {
    onBody({ context, bytes }) {
      const entry = entryOf(context);
      if (entry) entry.request.payload = boundedText(bytes);
      return undefined;
    },
  };
  const readsHead: Pick<Policy, 'onAnswerHead'> = {
    onAnswerHead({ context }, headers) {
      const entry = entryOf(context);
      if (entry) entry.response.headers = shownHeaders(headers, response.excluded);
    },
  };
  return {
    ...(request.payload && readsRequest),
    ...(response.headers && readsHead),
    ...(response.payload && answerReaders(entryOf)),
  };
}

/** A whole answer as it is; of a stream the text. */
function answerReaders(
  entryOf: (context: RequestContext) => Entry | undefined,
): Pick<Policy, 'onAnswer' | 'createStreamFilter'> {
  return {
    onAnswer({ context }, answer) {
      const entry = entryOf(context);
      if (entry) entry.response.payload = boundedText(Buffer.from(JSON.stringify(answer)));
      return false;
    },
    createStreamFilter({ context }) {
      const entry = entryOf(context);
      return {
        push(event) {
          const so = entry?.response.payload ?? '';
          if (entry && event.type === 'text' && so.length < MAX_PAYLOAD_BYTES) {
            entry.response.payload = so + event.text;
          }
          return [event];
        },
      };
    },
  };
}

function wantedOf(params: LogParams): { readonly request: Wanted; readonly response: Wanted } {
  const { request, response } = params;
  return {
    request: {
      payload: params.logRequestPayload || request?.payload === true,
      headers: params.logRequestHeaders || request?.headers === true,
      excluded: namesIn(params.excludedRequestHeaders, request?.excludeHeaders),
    },
    response: {
      payload: params.logResponsePayload || response?.payload === true,
      headers: params.logResponseHeaders || response?.headers === true,
      excluded: namesIn(params.excludedResponseHeaders, response?.excludeHeaders),
    },
  };
}

function namesIn(text = '', list: readonly string[] = []): ReadonlySet<string> {
  return new Set([...text.split(','), ...list].map((name) => name.trim().toLowerCase()));
}

function write(logger: Logger, context: RequestContext, { request, response }: Entry): void {
  const { requestId, route, proxy, receivedAt } = context;
  const { payload } = response;
  logger.info(
    {
      policy: LogMessage.name,
      requestId,
      proxy: proxy?.name,
      method: context.request.method,
      route: route?.template,
      status: statusOf(context.response),
      durationMs: Math.round(performance.now() - receivedAt),
      request,
      response: payload === undefined ? response : { ...response, payload: boundedText(Buffer.from(payload)) },
    },
    'message',
  );
}

function statusOf(response: ServerResponse): number {
  return response.headersSent ? response.statusCode : CLIENT_CLOSED;
}
