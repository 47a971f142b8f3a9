import { describe, expect, it } from '@jest/globals';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { sealCarrier } from './reasoning-carrier.ts';
import { unsealResponses } from './unseal-responses.ts';

const reader = { dialect: 'openai-responses', modelGroup: 'gpt-5' } as const;
const reasoning = (encrypted: string): string => `{"type":"reasoning","summary":[],"encrypted_content":"${encrypted}"}`;
const unseal = (...items: readonly string[]): string =>
  unsealResponses(
    Buffer.from(`{"model":"m","seed":1.0,"input":[${items.join(',')}],"x":12345678901234567890}`),
    reader,
  ).toString();

describe('unsealResponses', () => {
  it('opens what the reader signed, removes what others did and leaves the rest, numbers included', () => {
    const own = sealSignature({ ...reader, value: 'enc' });
    const others = [
      sealSignature({ dialect: 'anthropic', modelGroup: 'opus', value: 's' }),
      sealSignature({ ...reader, modelGroup: 'gpt-6', value: 's' }),
      sealCarrier('next-call', { dialect: 'gemini', modelGroup: 'g', value: 's' }),
      'gw1:anthropic:broken',
    ];
    const text = '{"role":"user","content":"gw1:x"}';
    expect(unseal(reasoning(own), ...others.map((other) => reasoning(other)), text, reasoning('gAAA'))).toBe(
      `{"model":"m","seed":1.0,"input":[${reasoning('enc')},${text},${reasoning('gAAA')}],"x":12345678901234567890}`,
    );
  });

  it('leaves the short form alone', () => {
    const body = Buffer.from('{"model":"m","input":"gw1:x"}');
    expect(unsealResponses(body, reader)).toBe(body);
  });
});
