import { behaviours } from '../turn/scenario.ts';

/** `GET /v1/models`: one model for each behaviour, in one page. */
export function modelList(): object {
  const data = behaviours.map((name) => ({
    type: 'model',
    id: `sim-${name}`,
    display_name: `Simulated ${name}`,
    created_at: '2026-10-21T00:00:00Z',
    max_input_tokens: 200_000,
    max_tokens: 64_000,
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    retires_at: null,
  }));
  return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}
