interface ErrorDefinition {
  readonly status: number;
  /** `error.type` of OpenAI's error body. */
  readonly openaiType: string;
  /** `error.type` of Anthropic's error body. */
  readonly anthropicType: string;
  /** Whether the same request may succeed when it is sent again. */
  readonly retryable: boolean;
}

const invalid = (status: number): ErrorDefinition => ({
  status,
  openaiType: 'invalid_request_error',
  anthropicType: status === 413 ? 'request_too_large' : 'invalid_request_error',
  retryable: false,
});
const authentication: ErrorDefinition = {
  status: 401,
  openaiType: 'invalid_request_error',
  anthropicType: 'authentication_error',
  retryable: false,
};
const permission: ErrorDefinition = {
  status: 403,
  openaiType: 'invalid_request_error',
  anthropicType: 'permission_error',
  retryable: false,
};
const notFound: ErrorDefinition = {
  status: 404,
  openaiType: 'invalid_request_error',
  anthropicType: 'not_found_error',
  retryable: false,
};
const server = (status: number, retryable: boolean): ErrorDefinition => ({
  status,
  openaiType: 'server_error',
  anthropicType: status === 503 ? 'overloaded_error' : 'api_error',
  retryable,
});

/** The one table of data-plane errors; `docs/errors.md` is held to it by a test. */
export const ERROR_CODES = {
  missing_api_key: authentication,
  invalid_api_key: authentication,
  ambiguous_credentials: invalid(400),
  invalid_json: invalid(400),
  invalid_utf8: invalid(400),
  invalid_request: invalid(400),
  missing_required_parameter: invalid(400),
  invalid_type: invalid(400),
  json_too_deep: invalid(400),
  json_too_complex: invalid(400),
  unknown_parameter: invalid(400),
  unsupported_content: invalid(400),
  unsupported_parameter: invalid(400),
  ip_not_allowed: permission,
  proxy_not_allowed: permission,
  relay_not_allowed: permission,
  team_suspended: permission,
  model_not_found: notFound,
  not_found: notFound,
  method_not_allowed: invalid(405),
  request_timeout: invalid(408),
  payload_too_large: invalid(413),
  unsupported_media_type: invalid(415),
  headers_too_large: invalid(431),
  policy_refused: invalid(422),
  upgrade_required: invalid(426),
  rate_limit_exceeded: {
    status: 429,
    openaiType: 'rate_limit_error',
    anthropicType: 'rate_limit_error',
    retryable: true,
  },
  insufficient_quota: {
    status: 429,
    openaiType: 'insufficient_quota',
    anthropicType: 'billing_error',
    retryable: false,
  },
  upstream_client_error: {
    status: 400,
    openaiType: 'invalid_request_error',
    anthropicType: 'invalid_request_error',
    retryable: false,
  },
  upstream_error: server(502, true),
  upstream_auth_error: server(502, false),
  no_target_available: server(503, true),
  overloaded: server(503, true),
  limiter_unavailable: server(503, true),
  upstream_timeout: server(504, true),
  internal_error: server(500, false),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERROR_CODES;
