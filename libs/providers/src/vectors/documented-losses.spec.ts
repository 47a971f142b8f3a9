import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Dialect } from '@penstock/contracts';
import { anthropicCodec, geminiCodec, openAiChatCodec, openAiResponsesCodec, Warnings } from '@penstock/dialects';
import fc from 'fast-check';
import { arbitraryConversation } from '../testing/arbitrary-conversation.ts';
import { COMPATIBILITY_LOSSES } from '../testing/compatibility-losses.ts';
import { viewOf } from '../testing/conversation-view.ts';
import { lossesPage } from '../testing/losses-page.ts';
import { ablestProfile } from '../testing/round-trip-profiles.ts';

const CLIENTS = [openAiChatCodec, openAiResponsesCodec, anthropicCodec, geminiCodec];
const ENTRIES = COMPATIBILITY_LOSSES.flatMap((loss) =>
  loss.upstreams.map((upstream) => ({ loss, upstream, what: loss.what })),
);

/** Conversations of every client that is concerned, as the gateway decodes them. */
function* conversationsOf(clients: readonly Dialect[] | 'all', upstream: Dialect) {
  const concerned = CLIENTS.filter(
    ({ dialect }) => dialect !== upstream && (clients === 'all' || clients.includes(dialect)),
  );
  for (const codec of concerned) {
    const context = { upstreamModel: 'm', profile: ablestProfile(codec.dialect), warnings: new Warnings('lenient') };
    for (const said of fc.sample(arbitraryConversation({ client: codec.dialect, upstream }), {
      numRuns: 300,
      seed: 11,
    })) {
      yield codec.decodeRequest({ ...codec.encodeRequest(said, context), model: 'm' });
    }
  }
}

describe('a documented loss', () => {
  it.each(ENTRIES)('does happen: $upstream, $what', ({ loss, upstream }) => {
    const happens = conversationsOf(loss.clients, upstream).some((request) => {
      const view = viewOf(request);
      return JSON.stringify(loss.apply(view)) !== JSON.stringify(view);
    });
    expect(happens).toBe(true);
  });
});

describe('docs/compatibility-losses.md', () => {
  it('says what the table says', () => {
    const page = path.resolve(import.meta.dirname, '../../../../docs/compatibility-losses.md');
    expect(readFileSync(page, 'utf8')).toBe(lossesPage());
  });
});
