import type Anthropic from '@anthropic-ai/sdk';
import type { ClientOptions } from '@anthropic-ai/sdk';
import OlderAnthropic from 'anthropic-sdk-0';
import type { Thinking } from '../support/caller.ts';
import { MessagesCaller } from './messages-caller.ts';

/** Asks with Anthropic's client of the older version of the API, which most callers still have. */
export class OlderMessagesCaller extends MessagesCaller {
  override readonly name = 'messages-2023-06-01';
  override readonly title = 'Anthropic Messages, API version 2023-06-01';
  override readonly client = '@anthropic-ai/sdk 0.x';
  override readonly thinking: Thinking = 'budget';

  /** What is asked and answered here has the same types in both. */
  protected override connect(options: ClientOptions): Anthropic {
    const { apiKey, baseURL, maxRetries, fetch } = options;
    return new OlderAnthropic({
      apiKey: apiKey as string,
      ...(baseURL != null && { baseURL }),
      ...(maxRetries !== undefined && { maxRetries }),
      ...(fetch && { fetch }),
    }) as unknown as Anthropic;
  }
}
