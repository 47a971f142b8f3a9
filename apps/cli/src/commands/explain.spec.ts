import { afterEach, describe, expect, it } from '@jest/globals';
import type { ExplainResult } from '@penstock/contracts';
import { FakeControlPlane, runCommand } from '../testing/run-command.ts';

// A test may ask more than once, each time another control plane.
const planes: FakeControlPlane[] = [];
afterEach(async () => {
  for (const plane of planes.splice(0)) await plane.stop();
});

const result: ExplainResult = {
  proxy: { name: 'shop', context: '/shop', why: 'its context is the longest', alsoMatching: [] },
  operation: { operation: 'chat', dialect: 'openai-chat', path: '/v1/chat/completions' },
  authentication: { required: true, virtualKey: 'app', team: 'crew', usable: true, reasons: [] },
  policies: [
    { name: 'cors', category: 'traffic', where: 'global', condition: null, runs: 'yes', why: 'it holds for all paths' },
  ],
  model: { asked: 'smart', rule: 'virtual-model', why: 'it is a model of the proxy' },
  targets: [
    {
      provider: 'lab',
      alias: 'lab',
      model: 'small',
      upstreamModel: 'small-2',
      weight: 3,
      priority: 0,
      share: 0.75,
      dialect: 'anthropic',
      translated: true,
      leftOut: null,
      price: { version: 'v', source: 'catalog', inputPerMillion: 1_500_000, outputPerMillion: 7_000_000 },
    },
  ],
  limits: [
    {
      subject: 'Team crew',
      quota: 'budget',
      unit: 'cost',
      window: 'day',
      max: 2_000_000,
      mode: 'enforce',
      estimate: 'hard',
      onExceeded: 'deny',
      charge: 1_500,
      live: { used: 0, remaining: 2_000_000, resetsAt: null },
      fits: true,
    },
  ],
  hold: null,
  verdict: { admitted: true, error: null, notes: ['A note.'] },
};

async function explain(args: readonly string[], answer: ExplainResult = result, input = '') {
  const plane = new FakeControlPlane(200, JSON.stringify(answer));
  planes.push(plane);
  const command = ['explain', '/shop/v1/chat/completions', ...args, '--server', await plane.start()];
  const ended = await runCommand(command, undefined, { readInput: async () => input });
  return { ...ended, asked: JSON.parse(plane.asked[0]?.body || '{}') as Record<string, unknown> };
}

describe('penstock explain', () => {
  it('asks what it is told to ask', async () => {
    const args = ['--model', 'smart', '--key', 'app', '-H', 'X-Provider: lab', '-H', 'x-tier:gold', '-f', '-'];
    const { asked } = await explain(args, result, 'messages: []');
    expect(asked).toEqual({
      method: 'POST',
      path: '/shop/v1/chat/completions',
      headers: { 'X-Provider': 'lab', 'x-tier': 'gold' },
      body: { messages: [] },
      model: 'smart',
      virtualKey: 'app',
    });
  });

  it('tells it for people', async () => {
    const { code, out } = await explain([]);
    expect(code).toBe(0);
    expect(out).toMatch(/^proxy: +shop: its context is the longest\n/);
    expect(out).toMatch(/^lab\/small +small-2 +0 +75 % +1\.50 \/ 7\.00 \(catalog\) +translated to anthropic$/m);
    expect(out).toMatch(/^Team crew: budget +cost\/day +2\.00 USD +2\.00 USD +0\.0015 USD +enforce, hard +yes$/m);
    expect(out).toMatch(/\nAdmitted\.\nA note\.\n$/);
  });

  it('ends with 1 for a request that would be refused, and still tells why', async () => {
    const error = { code: 'model_not_found', status: 404, message: 'There is no such model.' };
    const refused = { ...result, verdict: { admitted: false, error, notes: [] } };
    const { code, out } = await explain(['-o', 'json'], refused);
    expect([code, (JSON.parse(out) as ExplainResult).verdict.error]).toEqual([1, error]);
    expect((await explain([], refused)).out).toContain('Refused: 404 model_not_found: There is no such model.\n');
  });

  it('says what is wrong with how it was called', async () => {
    expect(await explain(['-H', 'nonsense'])).toMatchObject({ code: 2, say: expect.stringContaining('is no header') });
    expect(await explain(['-f', '-'], result, '[1]')).toMatchObject({
      code: 1,
      say: expect.stringContaining('holds no object'),
    });
  });
});
