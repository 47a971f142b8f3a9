import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { CanonicalPart, Citation } from '../canonical/canonical-part.ts';
import type { CanonicalChoice } from '../canonical/canonical-response.ts';
import type { Json } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { arrayOf, objectOf } from './json-fields.ts';

/** A part of which the pieces have come so far. */
interface Draft {
  readonly type: 'text' | 'reasoning' | 'refusal' | 'tool-call';
  text: string;
  id: string;
  name: string;
  redacted: boolean;
  signature: Signature | undefined;
  readonly kind: 'function' | 'custom';
  readonly citations: Citation[];
}

/** The parts, and the probabilities, that the events of one choice add up to. */
export function collectParts(events: readonly CanonicalEvent[]): Pick<CanonicalChoice, 'parts' | 'logprobs'> {
  const drafts = new Map<string, Draft>();
  const logprobs: Json[] = [];
  for (const event of events) {
    apply(drafts, event);
    if (event.type === 'text') logprobs.push(...arrayOf(objectOf(event.logprobs)?.['content']));
  }
  const parts = [...drafts.values()].map(partOf);
  return logprobs.length === 0 ? { parts } : { parts, logprobs: { content: logprobs, refusal: null } };
}

function apply(drafts: Map<string, Draft>, event: CanonicalEvent): void {
  switch (event.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      draftOf(drafts, event.key, { type: event.type }).text += event.text;
      break;
    case 'tool-call-start':
      draftOf(drafts, event.key, { ...event, type: 'tool-call' });
      break;
    case 'tool-call-arguments':
      draftOf(drafts, event.key, { type: 'tool-call' }).text += event.text;
      break;
    case 'text-signature':
      draftOf(drafts, event.key, { type: 'text' }).signature = event.signature;
      break;
    case 'reasoning-signature':
      Object.assign(draftOf(drafts, event.key, { type: 'reasoning' }), signatureOf(event));
      break;
    case 'citation':
      draftOf(drafts, event.key, { type: 'text' }).citations.push(event.citation);
      break;
    default:
      // The other events tell of no part.
      break;
  }
}

function signatureOf(event: { readonly signature: Signature; readonly redacted?: boolean }): Partial<Draft> {
  return { signature: event.signature, redacted: event.redacted === true };
}

type Seed = Pick<Draft, 'type'> & {
  readonly id?: string;
  readonly name?: string;
  readonly kind?: Draft['kind'];
  readonly signature?: Signature;
};

function draftOf(drafts: Map<string, Draft>, key: string, seed: Seed): Draft {
  const known = drafts.get(key);
  if (known) return known;
  const { type, id = '', name = '', kind = 'function', signature } = seed;
  const draft: Draft = { type, text: '', id, name, kind, signature, redacted: false, citations: [] };
  drafts.set(key, draft);
  return draft;
}

function partOf(draft: Draft): CanonicalPart {
  const { type, text, signature, citations } = draft;
  const signed = signature === undefined ? {} : { signature };
  switch (type) {
    case 'text':
      return { type, text, ...signed, ...(citations.length > 0 && { citations }) };
    case 'refusal':
      return { type, text };
    case 'reasoning':
      return { type, text, ...signed, ...(draft.redacted && { redacted: true }) };
    case 'tool-call':
      return { type, id: draft.id, name: draft.name, arguments: text, kind: draft.kind, ...signed };
  }
}
