import type { JsonObject } from '../canonical/json.ts';

/**
 * The wire types of Bedrock's `Converse`, as far as the gateway writes them (Amazon Bedrock API reference, `Converse`).
 * Types, not interfaces, so that they are JSON objects to the compiler too. Bytes are base64.
 */
export type BedrockBytes = { readonly bytes: string };

export type BedrockSource = BedrockBytes | { readonly s3Location: { readonly uri: string } };

export type BedrockImage = { readonly format: 'png' | 'jpeg' | 'gif' | 'webp'; readonly source: BedrockSource };

export type BedrockDocument = { readonly format: string; readonly name: string; readonly source: BedrockSource };

/** Marks the prompt up to here for the cache. */
export type BedrockCachePoint = { readonly cachePoint: { readonly type: 'default'; readonly ttl?: '1h' } };

export type BedrockToolResultContent =
  | { readonly text: string }
  | { readonly image: BedrockImage }
  | { readonly document: BedrockDocument };

export type BedrockReasoning =
  | { readonly reasoningText: { readonly text: string; readonly signature?: string } }
  | { readonly redactedContent: string };

export type BedrockBlock =
  | BedrockToolResultContent
  | BedrockCachePoint
  | { readonly toolUse: { readonly toolUseId: string; readonly name: string; readonly input: JsonObject } }
  | {
      readonly toolResult: {
        readonly toolUseId: string;
        readonly content: readonly BedrockToolResultContent[];
        readonly status?: 'error';
      };
    }
  | { readonly reasoningContent: BedrockReasoning };

export type BedrockMessage = { readonly role: 'user' | 'assistant'; readonly content: readonly BedrockBlock[] };

export type BedrockTool =
  | BedrockCachePoint
  | {
      readonly toolSpec: {
        readonly name: string;
        readonly description?: string;
        readonly inputSchema: { readonly json: JsonObject };
        readonly strict?: boolean;
      };
    };

export type BedrockToolChoice =
  | { readonly auto: JsonObject }
  | { readonly any: JsonObject }
  | { readonly tool: { readonly name: string } };
