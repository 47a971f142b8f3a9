import { failAsOpenAi } from '../openai-chat/errors.ts';
import { type Failure, type FailureKind, htmlFailure } from '../turn/failure.ts';

/** Azure's answer to a fault: OpenAI's words, but for those of its own gateway. */
export function failAsAzure(kind: FailureKind, model: string): Failure {
  const own = ownFailures[kind];
  if (kind === 'html') return htmlFailure;
  return own ?? failAsOpenAi(kind, model);
}

const blocked = {
  hate: { filtered: false, severity: 'safe' },
  jailbreak: { filtered: true, detected: true },
  self_harm: { filtered: false, severity: 'safe' },
  sexual: { filtered: false, severity: 'safe' },
  violence: { filtered: false, severity: 'safe' },
};

const ownFailures: Partial<Readonly<Record<FailureKind, Failure>>> = {
  'rate-limit': plain(
    429,
    '429',
    'Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 7 seconds.',
    { 'retry-after': '7' },
  ),
  overloaded: plain(
    429,
    'too_many_requests',
    'The system is currently experiencing high demand and cannot process your request. Your request exceeds the maximum usage size allowed during peak load.',
    { 'retry-after': '10' },
  ),
  auth: plain(
    401,
    '401',
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
  ),
  'not-found': plain(
    404,
    'DeploymentNotFound',
    'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
  ),
  'content-filter': {
    status: 400,
    headers: {},
    body: {
      error: {
        message:
          "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: blocked },
      },
    },
  },
};

function plain(status: number, code: string, message: string, headers: Record<string, string> = {}): Failure {
  return { status, headers, body: { error: { code, message } } };
}

/** Azure's answer to a path without a version, or with one that does not exist. */
export const resourceNotFound: Failure = plain(404, '404', 'Resource not found');
