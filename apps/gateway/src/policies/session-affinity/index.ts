import { SessionAffinity } from '@penstock/contracts';
import type { BodyCall } from '../policy.ts';
import { policyFactory } from '../policy-factory.ts';
import { rankOf } from '../target-ranks.ts';
import { rendezvous } from './rendezvous.ts';

type Source = ReturnType<typeof SessionAffinity.params.parse>['sources'][number];

/** Longer names of sessions are cut: they only have to tell sessions apart. */
const MAX_NAME_LENGTH = 512;

/**
 * Sends a session's requests to the same target by rendezvous hashing: no state, every gateway decides alike. The others stay behind as
 * fallbacks, in an order that is the session's own.
 */
export const sessionAffinity = policyFactory(SessionAffinity, ({ sources, headerName }) => {
  const header = headerName.toLowerCase();
  return {
    name: SessionAffinity.name,
    onRoute(call, choice) {
      const session = firstOf(sources, (source) => sessionOf(call, source, header));
      if (session === null || choice.targets.length < 2) return;
      const places = choice.targets.map((target) => {
        const { weight, priority } = rankOf(choice, target);
        return { target, weight, priority, key: `${target.providerId}\n${target.modelId}` };
      });
      choice.targets = rendezvous(session, places).map(({ target }) => target);
    },
  };
});

function firstOf(sources: readonly Source[], find: (source: Source) => string | null): string | null {
  for (const source of sources) {
    const session = find(source);
    if (session !== null) return `${source}:${session.slice(0, MAX_NAME_LENGTH)}`;
  }
  return null;
}

function sessionOf(call: BodyCall, source: Source, header: string): string | null {
  const { headers } = call.context.request;
  switch (source) {
    case 'claude-code':
      return textOf(headers['x-claude-code-session-id']);
    case 'codex':
      return textOf(headers['session-id']) ?? textOf(headers['session_id']);
    case 'header':
      return textOf(headers[header]);
    case 'user':
      return textOf(call.context.userTag);
    case 'prompt-cache-key':
      // Only a body that has the field is parsed.
      return call.facts.members.some(({ key }) => key === 'prompt_cache_key')
        ? textOf(call.json['prompt_cache_key'])
        : null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
