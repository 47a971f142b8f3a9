import type { ModelProfile } from '@penstock/contracts';
import type { RequestFacts } from '@penstock/dialects';
import type { BodyCall, ProviderAdapter } from '../provider-adapter.ts';
import type { ChatRestrictions, RestrictionReader } from './chat-restrictions.ts';
import { fitChatBody } from './fit-chat-body.ts';
import { dropCarriers, mayHoldCarriers } from './reasoning-carriers.ts';

/** What an adapter does with the parameters of a Chat request. */
type ChatBodyFitter = Required<Pick<ProviderAdapter, 'needsAdjustment' | 'adjustBody'>>;

const isChat = ({ operation, dialect }: BodyCall): boolean => operation === 'chat' && dialect === 'openai-chat';

/**
 * Fits the parameters of Chat requests to the models' profiles (research/translation.md §6.1); nothing is left to do for a
 * request that was translated for the same profile. What other models' answers left in the conversation goes too. Throws `unsupported_parameter` for what cannot be left out.
 */
export function chatBodyFitter(restrictionsOf: RestrictionReader): ChatBodyFitter {
  return {
    needsAdjustment(facts, body, call) {
      if (!isChat(call)) return false;
      if (facts.members.some((member) => isHistory(member, body, call))) return true;
      const restrictions = restrictionsOf(call.profile);
      if (restrictions.none) return false;
      const looking = { body, restrictions, profile: call.profile };
      return facts.members.some((member) => concerns(member, looking)) || hasBoth(facts, call.profile);
    },
    adjustBody(body, call, warnings) {
      if (!isChat(call)) return body;
      const restrictions = restrictionsOf(call.profile);
      const own = call.translated === true ? body : dropCarriers(body, call.profile);
      return restrictions.none ? own : fitChatBody(own, { profile: call.profile, restrictions, warnings });
    },
  };
}

type Member = RequestFacts['members'][number];

/** Whether a member is a conversation in which another model has answered. */
function isHistory({ key, start, end }: Member, body: Buffer, { profile }: BodyCall): boolean {
  return key === 'messages' && mayHoldCarriers(body.subarray(start, end), profile);
}

interface Looking {
  readonly body: Buffer;
  readonly restrictions: ChatRestrictions;
  readonly profile: ModelProfile;
}

/** Whether a member is restricted, by its name or by its value. */
function concerns(member: Member, { body, restrictions, profile }: Looking): boolean {
  if (restrictions.fields.has(member.key)) return true;
  const exceeds = (max: number | null): boolean =>
    max !== null && Number(body.toString('latin1', member.start, member.end)) > max;
  switch (member.key) {
    case 'max_tokens':
      return restrictions.renameMaxTokens || exceeds(profile.maxOutputTokens);
    case 'max_completion_tokens':
      return exceeds(profile.maxOutputTokens);
    case 'temperature':
      return exceeds(profile.maxTemperature);
    case 'reasoning_effort':
      return restrictions.efforts !== null;
    default:
      return false;
  }
}

function hasBoth({ members }: Pick<RequestFacts, 'members'>, { temperatureWithTopP }: ModelProfile): boolean {
  if (temperatureWithTopP) return false;
  return members.some(({ key }) => key === 'temperature') && members.some(({ key }) => key === 'top_p');
}
