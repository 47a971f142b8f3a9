import { AdminError, type AdminErrorCode, type FieldError } from '../common/admin-error.ts';

/** Which document of an apply. */
export interface ManifestReference {
  readonly index: number;
  readonly kind: string;
  readonly name: string;
}

/** Faults that one answer tells. */
const MAX_REPORTED = 500;

/** Collects what is wrong with all documents of an apply, so that it is told at once. */
export class ManifestFaults {
  readonly #faults: { readonly code: AdminErrorCode; readonly error: FieldError }[] = [];
  readonly #failed = new Set<string>();

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  /** One fault of one field. */
  add(document: ManifestReference, code: AdminErrorCode, error: FieldError): void {
    this.#failed.add(missing(document));
    this.#faults.push({ code, error: { ...error, document } });
  }

  /** What was thrown while the document was worked on; what is no refusal is thrown on. */
  addThrown(document: ManifestReference, thrown: unknown): void {
    if (!(thrown instanceof AdminError) || thrown.status >= 500) throw thrown;
    const errors = thrown.errors.length > 0 ? thrown.errors : [{ field: '', message: thrown.message }];
    const told = errors.filter(({ message }) => !this.#failed.has(message));
    // That a document refers to one that is at fault is told at that one.
    if (told.length === 0) return void this.#failed.add(missing(document));
    for (const error of told) this.add(document, thrown.code, error);
  }

  /** The refusal of the whole. */
  toError(): AdminError {
    const codes = new Set(this.#faults.map(({ code }) => code));
    const [code = 'invalid'] = codes;
    const documents = new Set(this.#faults.map(({ error }) => error.document?.index)).size;
    const message = `Nothing was applied: ${documents} ${documents === 1 ? 'document is' : 'documents are'} at fault.`;
    const errors = this.#faults
      .map(({ error }) => error)
      .sort((left, right) => (left.document?.index ?? 0) - (right.document?.index ?? 0))
      .slice(0, MAX_REPORTED);
    return new AdminError(codes.size > 1 ? 'invalid' : code, message, { errors });
  }
}

/** What kinds say of a reference that leads nowhere. */
function missing({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `there is no ${kind} named '${name}'`;
}
