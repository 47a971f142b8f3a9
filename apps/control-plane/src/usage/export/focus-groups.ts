import { Prisma } from '../../prisma/generated/client.ts';
import { eventConditions, type EventQuestion } from '../event-question.ts';
import type { TokenSums } from './token-kinds.ts';

/** Events of one charge period that share all names; those of unknown cost stand apart from the others. */
export interface FocusGroup extends TokenSums {
  /** Which of the periods, from 0. */
  readonly period: number;
  readonly keyId: string | null;
  readonly key: string | null;
  readonly teamId: string | null;
  readonly team: string | null;
  readonly proxy: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly user: string | null;
  readonly unknown: boolean;
  readonly requests: number;
  readonly costMicroUsd: number;
}

const names = Prisma.sql`
  virtual_key_id, virtual_key_name, team_id, team_name, proxy_name, provider_name, upstream_model, user_tag`;

/** The groups in the order of their period, as rows of one JSON column. */
export function focusGroups(question: EventQuestion, periodStarts: readonly number[]): Prisma.Sql {
  const starts = periodStarts.map((start) => new Date(start).toISOString());
  return Prisma.sql`
    SELECT json_build_object('period', period, 'keyId', virtual_key_id, 'key', virtual_key_name, 'teamId', team_id,
      'team', team_name, 'proxy', proxy_name, 'provider', provider_name, 'model', upstream_model, 'user', user_tag,
      'unknown', unknown, 'requests', count(*), 'costMicroUsd', coalesce(sum(cost_micro_usd), 0), 'input', sum(input_tokens),
      'cached', sum(cached_input_tokens), 'cacheWrite', sum(cache_write_tokens), 'audioInput', sum(audio_input_tokens),
      'imageInput', sum(image_input_tokens), 'output', sum(output_tokens), 'reasoning', sum(reasoning_tokens),
      'audioOutput', sum(audio_output_tokens), 'imageOutput', sum(image_output_tokens)) AS row
    FROM (
      SELECT *, width_bucket(occurred_at, ${starts}::timestamptz[]) - 1 AS period,
        cost_micro_usd IS NULL AND usage_source <> 'none' AS unknown
      FROM usage_event WHERE ${eventConditions(question)}) AS e
    GROUP BY period, unknown, ${names} ORDER BY period, ${names}, unknown`;
}
