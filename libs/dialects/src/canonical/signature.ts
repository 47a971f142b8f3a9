import type { Dialect } from '@penstock/contracts';

/** Whose reasoning it is: a signature means something only to the models that made it. */
export interface SignatureOrigin {
  readonly dialect: Dialect;
  readonly modelGroup: string;
}

/** A vendor's opaque proof of reasoning: Anthropic's `signature`, Gemini's `thoughtSignature`, OpenAI's `encrypted_content`. */
export interface Signature extends SignatureOrigin {
  readonly value: string;
}
