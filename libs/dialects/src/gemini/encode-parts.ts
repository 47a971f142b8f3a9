import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { Signature } from '../canonical/signature.ts';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { argumentsObject } from './arguments-object.ts';
import type { GeminiPart } from './schema.ts';

/** Whether the caller asked to read the thoughts; Gemini shows none otherwise. */
export function wantsThoughts(request: CanonicalRequest): boolean {
  return request.reasoning?.display === 'summarized';
}

/**
 * Stands for the signature of a call that its model did not sign. Should the conversation go on with a Gemini, which refuses
 * unsigned calls, its envelope tells that the call is another model's (`unsealContents`); for all others it means nothing.
 */
const UNSIGNED: Signature = { dialect: 'gemini', modelGroup: '-', value: 'unsigned' };

/** One part of an answer as a caller of Gemini's dialect reads it. Thoughts that are not shown leave their signature. */
export function encodePart(part: CanonicalPart, showThoughts: boolean): GeminiPart[] {
  switch (part.type) {
    case 'text':
      return [{ text: part.text, ...sealed(part.signature) }];
    case 'refusal':
      return [{ text: part.text }];
    case 'reasoning':
      if (showThoughts) return [{ text: part.text, thought: true, ...sealed(part.signature) }];
      return part.signature ? [{ text: '', ...sealed(part.signature) }] : [];
    case 'tool-call':
      return [
        {
          functionCall: { id: part.id, name: part.name, args: argumentsObject(part) },
          ...sealed(part.signature ?? UNSIGNED),
        },
      ];
    default:
      // Media and results of tools are no part of an answer; opaque parts belong to other dialects.
      return [];
  }
}

/** Google's field is bytes, which official SDKs check, so the envelope goes in base64. */
export function sealed(signature: Signature | undefined): { thoughtSignature?: string } {
  return signature ? { thoughtSignature: Buffer.from(sealSignature(signature)).toString('base64') } : {};
}
