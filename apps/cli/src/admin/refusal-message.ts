import { AdminErrorBody } from '@penstock/contracts';

/** What an admin is told of an answer that is no success; field errors stand on lines of their own. */
export function refusalMessage(status: number, text: string, server: URL): string {
  const body = AdminErrorBody.safeParse(parse(text));
  if (!body.success) return `${server.origin} answered ${status}, and not as a control plane does. Is the URL right?`;
  const { message, errors, requestId } = body.data;
  const fields = errors.map(({ field, message: fault }) => `\n  ${field === '' ? '(body)' : field}: ${fault}`);
  return `${explain(status, message)}${fields.join('')}\n  request ${requestId}`;
}

function explain(status: number, message: string): string {
  if (status === 401) return `The token in PENSTOCK_TOKEN is not accepted: ${message}`;
  if (status === 403) return `The token in PENSTOCK_TOKEN may not do this: ${message}`;
  return `Refused with ${status}: ${message}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: no control plane said it.
    return undefined;
  }
}
