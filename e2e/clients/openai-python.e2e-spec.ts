import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { openPlatform } from '../support/platform.ts';
import { pythonWithClients } from '../support/python-clients.ts';
import { createCaller, createScenario, models } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

/** What `openai_checks.py` says about one check; without an error it went well. */
interface Outcome {
  readonly check: string;
  readonly error: string | null;
}

const upstream = await openUpstream();
const platform = openPlatform();
const outcomes = new Map<string, Outcome>();

// Python is started once for all checks: its start takes longer than they do.
beforeAll(async () => {
  const [python, environment] = await Promise.all([pythonWithClients('clients'), checkEnvironment()]);
  const script = path.join(import.meta.dirname, 'python/openai_checks.py');
  const { PATH, HOME } = process.env;
  const options = { env: { PATH, HOME, ...environment }, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(python, [script], options);
  for (const line of stdout.trim().split('\n')) {
    const outcome = JSON.parse(line) as Outcome;
    outcomes.set(outcome.check, outcome);
  }
}, 300_000);
afterAll(() => upstream.stop());

async function checkEnvironment(): Promise<Record<string, string>> {
  const scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
  const { baseUrl } = scenario;
  const limits = [{ unit: 'requests', window: 'second', max: 1 }];
  const limited = await createCaller({ admin: platform.admin, baseUrl }, { limits });
  return {
    OPENAI_BASE_URL: baseUrl,
    OPENAI_API_KEY: scenario.key,
    LIMITED_KEY: limited.key,
    CHAT_MODEL: models.chat,
    ENDLESS: JSON.stringify(upstream.endless),
    ...(upstream.embeddingsModel === null ? {} : { EMBEDDINGS_MODEL: models.embeddings }),
    ...(upstream.simulation ? { CUT: JSON.stringify(upstream.simulation.cut) } : {}),
  };
}

const always = [
  'completes a chat',
  'completes a chat asynchronously',
  'streams a chat with usage',
  'lists the models',
  'raises AuthenticationError for a wrong key',
  'raises NotFoundError for an unknown model',
  'raises BadRequestError for a value that the upstream refuses',
  'raises RateLimitError at a limit',
  'waits and tries again by itself at a limit',
  'leaves a stream early',
];

describe("OpenAI's SDK for Python", () => {
  it.each(always)('%s', (check) => expect(outcomes.get(check)).toEqual({ check, error: null }));

  (upstream.embeddingsModel === null ? it.skip : it)('embeds texts', () => {
    expect(outcomes.get('embeds texts')).toEqual({ check: 'embeds texts', error: null });
  });

  (upstream.simulation ? it : it.skip)('raises when the upstream breaks a stream off', () => {
    const check = 'raises when the upstream breaks a stream off';
    expect(outcomes.get(check)).toEqual({ check, error: null });
  });

  it('stops the generation of the stream that it left', async () => {
    await waitUntil('the upstream to stop', async () => (await upstream.running()) === 0);
  });
});
