import type { JsonObject } from '../canonical/json.ts';

/**
 * The wire types of Gemini's `generateContent` (v1beta), as far as the gateway writes or reads them. Types, not interfaces,
 * so that they are JSON objects to the compiler too.
 */
export type GeminiMedia = { readonly mimeType: string; readonly data: string };

export type GeminiFile = { readonly mimeType?: string | undefined; readonly fileUri: string };

/** Media, whether they stand in a turn or in the answer of a function. */
export type GeminiMediaPart = { readonly inlineData: GeminiMedia } | { readonly fileData: GeminiFile };

export type GeminiFunctionCall = {
  readonly id?: string | undefined;
  readonly name: string;
  readonly args: JsonObject;
};

export type GeminiFunctionResponse = {
  readonly name: string;
  /** `output` holds what the function gave, `error` why it failed. */
  readonly response: JsonObject;
  readonly parts?: readonly GeminiMediaPart[] | undefined;
};

export type GeminiPart = {
  readonly text?: string | undefined;
  readonly thought?: boolean | undefined;
  /** base64 */
  readonly thoughtSignature?: string | undefined;
  readonly inlineData?: GeminiMedia | undefined;
  readonly fileData?: GeminiFile | undefined;
  readonly functionCall?: GeminiFunctionCall | undefined;
  readonly functionResponse?: GeminiFunctionResponse | undefined;
};

export type GeminiContent = { readonly role: 'user' | 'model'; readonly parts: readonly GeminiPart[] };

export type GeminiFunctionDeclaration = {
  readonly name: string;
  readonly description?: string | undefined;
  /** Gemini's subset of OpenAPI's schemas. */
  readonly parameters?: JsonObject | undefined;
  readonly parametersJsonSchema?: JsonObject | undefined;
};

export type GeminiFunctionCallingConfig = {
  readonly mode: 'AUTO' | 'ANY' | 'NONE' | 'VALIDATED';
  readonly allowedFunctionNames?: readonly string[] | undefined;
};

export type GeminiThinkingConfig = {
  readonly includeThoughts?: boolean | undefined;
  /** Tokens; 0 switches it off, -1 leaves it to the model. */
  readonly thinkingBudget?: number | undefined;
  readonly thinkingLevel?: 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' | undefined;
};

export type GeminiCandidate = {
  readonly index: number;
  readonly content?: GeminiContent | undefined;
  readonly finishReason?: string | undefined;
  readonly finishMessage?: string | undefined;
};

export type GeminiUsage = {
  readonly promptTokenCount: number;
  readonly candidatesTokenCount: number;
  readonly totalTokenCount: number;
  readonly thoughtsTokenCount?: number | undefined;
  readonly cachedContentTokenCount?: number | undefined;
};

export type GeminiResponse = {
  readonly candidates: readonly GeminiCandidate[];
  readonly usageMetadata?: GeminiUsage | undefined;
  readonly modelVersion: string;
  readonly responseId: string;
};
