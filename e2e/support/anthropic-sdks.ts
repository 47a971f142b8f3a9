import Anthropic from '@anthropic-ai/sdk';
import AnthropicBefore1 from 'anthropic-sdk-0';

/** The versions of Anthropic's SDK that agents carry. */
export const anthropicSdks: readonly { readonly version: string; readonly Sdk: typeof Anthropic }[] = [
  { version: '1.12.0', Sdk: Anthropic },
  // What tests call is spelled alike in both; their types only differ in name.
  { version: '0.137.0', Sdk: AnthropicBefore1 as unknown as typeof Anthropic },
];
