import { type JsonObject, parseFaithfully } from '@penstock/dialects';
import type { RequestContext } from '../../http/request-context.ts';
import { CHAT_SURFACE, COMPLETIONS_SURFACE, EMBEDDINGS_SURFACE } from './openai-surfaces.ts';
import type { Surface } from './surface.ts';

/** Azure's dated API: the deployment in the path says which model is asked, whatever the body says. */
const ofDeployment = (surface: Surface): Surface => ({ ...surface, complete: withModel });

/** By what follows the deployment. */
export const DEPLOYMENT_SURFACES: ReadonlyMap<string, Surface> = new Map([
  ['/chat/completions', ofDeployment(CHAT_SURFACE)],
  ['/completions', ofDeployment(COMPLETIONS_SURFACE)],
  ['/embeddings', ofDeployment(EMBEDDINGS_SURFACE)],
]);

/** What is no object is left for the scan to refuse. */
function withModel(body: Buffer, { parameter }: RequestContext): Buffer {
  let document: unknown;
  try {
    document = parseFaithfully(body.toString('utf8'));
  } catch {
    return body;
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return body;
  return Buffer.from(JSON.stringify({ ...(document as JsonObject), model: parameter }));
}
