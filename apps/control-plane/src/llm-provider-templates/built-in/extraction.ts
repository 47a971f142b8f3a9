/** Where a value stands in a body, a header or a path. */
export const payload = (identifier: string) => ({ location: 'payload', identifier }) as const;
export const header = (identifier: string) => ({ location: 'header', identifier }) as const;
export const pathParam = (identifier: string) => ({ location: 'pathParam', identifier }) as const;

/** Where tokens and model stand in OpenAI's bodies. */
export const openAiExtraction = {
  promptTokens: payload('$.usage.prompt_tokens'),
  completionTokens: payload('$.usage.completion_tokens'),
  totalTokens: payload('$.usage.total_tokens'),
  remainingTokens: header('x-ratelimit-remaining-tokens'),
  requestModel: payload('$.model'),
  responseModel: payload('$.model'),
};

/** The Responses API counts under other names. */
export const responsesMapping = {
  resources: [
    {
      resource: '/responses',
      ...openAiExtraction,
      promptTokens: payload('$.usage.input_tokens'),
      completionTokens: payload('$.usage.output_tokens'),
    },
  ],
};

export const bearer = { authHeader: 'Authorization', authValuePrefix: 'Bearer ' };
