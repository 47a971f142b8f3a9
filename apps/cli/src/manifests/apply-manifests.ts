import { ApplyResult } from '@penstock/contracts';
import type { AdminClient } from '../admin/admin-client.ts';
import { describeFault, refusalMessage } from '../admin/refusal-message.ts';
import { RefusedError } from '../admin/refused-error.ts';
import { CliError } from '../cli-error.ts';
import { parseFieldPath } from './field-path.ts';
import type { SourceDocument } from './source-document.ts';
import { describeManifestFault, validateManifests } from './validate-manifests.ts';

/** How documents are applied. */
export interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly managedBy?: string | undefined;
  readonly prune?: boolean;
}

/** Longer than the control plane works on thousands of documents. */
const TIMEOUT_MS = 330_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Throws the `CliError` that names every fault with its file and line. */
export function requireValid(documents: readonly SourceDocument[]): void {
  const faults = validateManifests(documents);
  if (faults.length === 0) return;
  const count = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  throw new CliError(
    `${count} in the documents:\n${faults.map((fault) => `  ${describeManifestFault(fault)}`).join('\n')}`,
  );
}

/** Has the control plane apply them, all or none; its refusals are told with the file and line of each fault. */
export async function applyManifests(
  client: AdminClient,
  documents: readonly SourceDocument[],
  { dryRun = false, managedBy, prune = false }: ApplyOptions,
): Promise<ApplyResult> {
  requireValid(documents);
  const content = JSON.stringify({ items: documents.map(({ value }) => value) });
  if (Buffer.byteLength(content) > MAX_BODY_BYTES) {
    throw new CliError('The documents have more than 4 MiB together: apply them in parts.');
  }
  const query = { dryRun, managedBy, prune };
  const body = { type: 'application/json', content };
  try {
    const request = { method: 'POST', path: '/manifests/apply', query, body, timeoutMs: TIMEOUT_MS } as const;
    return await client.send({ ...request, answer: ApplyResult });
  } catch (error) {
    if (error instanceof RefusedError) throw placed(error, client, documents);
    throw error;
  }
}

function placed({ status, body }: RefusedError, client: AdminClient, documents: readonly SourceDocument[]): CliError {
  const message = refusalMessage(status, body, client, (fault) => {
    const { document, field } = fault;
    if (!document) return describeFault(fault);
    const source = documents[document.index];
    const place = source ? `${source.locate(parseFieldPath(field))}: ` : 'to be deleted: ';
    return `${place}${document.kind} ${document.name}: ${describeFault(fault)}`;
  });
  return new RefusedError(message, status, body);
}
