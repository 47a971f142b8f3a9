import { AdminErrorBody } from '@penstock/contracts';

/** Where the token came from, as a message tells it. */
export interface RefusedBy {
  readonly server: URL;
  readonly tokenSource: string;
}

type FieldFault = AdminErrorBody['errors'][number];

/** The body of a refusal; undefined for what no control plane says. */
export function readRefusal(text: string): AdminErrorBody | undefined {
  return AdminErrorBody.safeParse(parse(text)).data;
}

/** What an admin is told of an answer that is no success; field errors stand on lines of their own, as `describe` words them. */
export function refusalMessage(
  status: number,
  body: AdminErrorBody | undefined,
  { server, tokenSource }: RefusedBy,
  describe: (fault: FieldFault) => string = describeFault,
): string {
  if (!body) return `${server.origin} answered ${status}, and not as a control plane does. Is the URL right?`;
  const fields = body.errors.map((fault) => `\n  ${describe(fault)}`);
  return `${explain(status, body.message, tokenSource)}${fields.join('')}\n  request ${body.requestId}`;
}

/** `spec.url: is required` */
export function describeFault({ field, message }: FieldFault): string {
  return `${field === '' ? '(body)' : field}: ${message}`;
}

function explain(status: number, message: string, tokenSource: string): string {
  if (status === 401) return `The token in ${tokenSource} is not accepted: ${message}`;
  if (status === 403) return `The token in ${tokenSource} may not do this: ${message}`;
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
