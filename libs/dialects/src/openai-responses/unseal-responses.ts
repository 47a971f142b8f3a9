import type { Json } from '../canonical/json.ts';
import type { SignatureOrigin } from '../canonical/signature.ts';
import { isEnvelope, isSignedFor } from '../canonical/signature-envelope.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { arrayOf, objectOf, textOf } from './json-fields.ts';
import { openCarrier } from './reasoning-carrier.ts';

/**
 * For a request that passes through after a model of another dialect has answered in the same conversation: opens the
 * envelopes around encrypted reasoning of the models that will read it and removes the reasoning of all others, which the
 * upstream would refuse. Everything else stays, unknown fields and the text of numbers included. To be called for bodies whose
 * facts say `hasSealedSignatures`; they have been checked to be JSON.
 */
export function unsealResponses(body: Buffer, reader: SignatureOrigin): Buffer {
  const request = objectOf(parseFaithfully(body.toString('utf8')));
  if (!request || !Array.isArray(request['input'])) return body;
  const input = arrayOf(request['input']).flatMap((item) => unsealItem(item, reader));
  return Buffer.from(JSON.stringify({ ...request, input }));
}

function unsealItem(value: Json, reader: SignatureOrigin): readonly Json[] {
  const item = objectOf(value);
  const encrypted = textOf(item?.['encrypted_content']);
  if (item?.['type'] !== 'reasoning' || encrypted === undefined || !isEnvelope(encrypted)) return [value];
  const carrier = openCarrier(encrypted);
  if (carrier?.target !== 'reasoning' || !isSignedFor(carrier.signature, reader)) return [];
  return [{ ...item, encrypted_content: carrier.signature.value }];
}
