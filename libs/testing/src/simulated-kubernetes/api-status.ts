/** One thing that is wrong with one field. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
}

/** A refusal as an API server words it: the `Status` object of `metav1`. */
export class ApiStatus extends Error {
  override readonly name = 'ApiStatus';
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails;

  constructor(code: number, reason: string, message: string, details: StatusDetails = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toObject(): object {
    const { code, reason, message, details } = this;
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
  }
}

/** What a refusal says of the type that it is about. */
export interface NamedType {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

const qualified = ({ group, plural }: NamedType): string => (group === '' ? plural : `${plural}.${group}`);

export function notFound(type: NamedType, name: string): ApiStatus {
  const message = `${qualified(type)} "${name}" not found`;
  return new ApiStatus(404, 'NotFound', message, { name, ...groupOf(type), kind: type.plural });
}

export function alreadyExists(type: NamedType, name: string): ApiStatus {
  const message = `${qualified(type)} "${name}" already exists`;
  return new ApiStatus(409, 'AlreadyExists', message, { name, ...groupOf(type), kind: type.plural });
}

export function conflict(type: NamedType, name: string, cause: string = MODIFIED): ApiStatus {
  const message = `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${cause}`;
  return new ApiStatus(409, 'Conflict', message, { name, ...groupOf(type), kind: type.plural });
}

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export function invalid(type: NamedType, name: string, causes: readonly StatusCause[]): ApiStatus {
  const told = causes.map(({ field, message }) => `${field}: ${message}`);
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const message = `${kind} "${name}" is invalid: ${told.length === 1 ? told[0] : `[${told.join(', ')}]`}`;
  return new ApiStatus(422, 'Invalid', message, { name, ...groupOf(type), kind: type.kind, causes });
}

export function badRequest(message: string): ApiStatus {
  return new ApiStatus(400, 'BadRequest', message);
}

/** What happened since then is no longer known. */
export function expired(asked: number, oldest: number): ApiStatus {
  return new ApiStatus(410, 'Expired', `too old resource version: ${asked} (${oldest})`);
}

function groupOf({ group }: NamedType): { readonly group?: string } {
  return group === '' ? {} : { group };
}
