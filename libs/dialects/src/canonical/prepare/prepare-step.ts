import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';

/** One step of fitting a request to a model. Pure: it returns a new request, or the same one when there is nothing to do. */
export type PrepareStep = (request: CanonicalRequest, context: PrepareContext) => CanonicalRequest;
