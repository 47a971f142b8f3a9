import { describe, expect, it } from '@jest/globals';
import { UrlGuardrail } from '@penstock/contracts';
import type { GuardedRequest } from '../../upstream/guarded-network.ts';
import { PolicyBench, spoken, textIn } from '../text/testing/policy-bench.ts';
import { urlGuardrail } from './index.ts';

/** A network in which names that begin with `good` exist; nothing leaves the process. */
class TestNetwork {
  readonly asked: string[] = [];
  readonly requests: GuardedRequest[] = [];
  running = 0;
  most = 0;

  async resolves(host: string, timeoutMs: number): Promise<boolean> {
    this.asked.push(host);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise((resolve) => setTimeout(resolve, host.startsWith('slow') ? timeoutMs : 1));
    this.running -= 1;
    if (host.startsWith('broken') || host.startsWith('slow')) throw new Error('SERVFAIL');
    return host.startsWith('good');
  }

  async request(request: GuardedRequest) {
    this.requests.push(request);
    const status = { '/gone': 404, '/moved': 301 }[request.url.pathname] ?? 200;
    return { status, body: '' };
  }
}

const chat = (...contents: string[]) => ({ messages: contents.map((content) => ({ role: 'user', content })) });
const said = (content: string) => ({ choices: [{ index: 0, message: { role: 'assistant', content } }] });
const refusal = (direction: string, more = {}) => ({
  status: 422,
  body: {
    type: 'URL_GUARDRAIL',
    message: {
      action: 'GUARDRAIL_INTERVENED',
      interveningGuardrail: 'url-guardrail',
      actionReason: 'Violation of url validity detected.',
      direction,
      ...more,
    },
  },
});

function bench(params: object) {
  const network = new TestNetwork();
  const publicNetwork = new TestNetwork();
  return {
    network,
    publicNetwork,
    policy: new PolicyBench(urlGuardrail, params, 'openai-chat', { network, publicNetwork }),
  };
}

describe('C url-guardrail: requests and answers', () => {
  it('C url-guardrail: refuses the newest message with a URL whose name does not exist', async () => {
    const { policy, network, publicNetwork } = bench({ request: { showAssessment: true } });
    expect((await policy.request(chat('https://bad.example', 'see https://good.example/x.'))).answer).toBeUndefined();
    expect(network.asked).toEqual(['good.example']);
    const text = 'https://good.example https://bad.example/1 https://bad.example/2 https://broken.example';
    const invalidUrls = ['https://bad.example/1', 'https://bad.example/2', 'https://broken.example'];
    const message = 'One or more URLs in the payload failed validation.';
    expect((await policy.request(chat(text))).answer).toEqual(
      refusal('REQUEST', { assessments: { message, invalidUrls } }),
    );
    expect(publicNetwork.asked).toEqual([]);
  });

  it('C url-guardrail: looks where the path says', async () => {
    const { policy } = bench({ request: { jsonPath: '$.link' } });
    expect(
      (await policy.request({ link: 'https://good.example', ...chat('https://bad.example') })).answer,
    ).toBeUndefined();
    expect((await policy.request({ link: 'https://bad.example' })).answer).toEqual(refusal('REQUEST'));
    const { answer } = await policy.request({ other: 1 });
    expect(answer).toMatchObject({ body: { message: { actionReason: 'Error extracting value from JSONPath' } } });
  });

  it('C url-guardrail: refuses an answer, and lets one without URLs go without a promise', async () => {
    const { policy, network } = bench({ response: {} });
    expect(policy.answer(said('no link'))).toEqual(said('no link'));
    expect(await policy.answerInTime(said('https://good.example'))).toEqual(said('https://good.example'));
    expect(await policy.answerInTime(said('https://bad.example'))).toEqual(refusal('RESPONSE'));
    expect(network.asked).toEqual(['good.example', 'bad.example']);
  });

  it('C url-guardrail: asks the server where a name is not enough, on the public internet alone', async () => {
    const { policy, network, publicNetwork } = bench({ request: { onlyDNS: false } });
    const judge = async (url: string) => (await policy.request(chat(url))).answer === undefined;
    expect(await judge('https://user:pass@good.example/x?y')).toBe(true);
    expect(await judge('https://good.example/moved')).toBe(true);
    expect(await judge('https://good.example/gone')).toBe(false);
    expect(await judge('https://bad.example/')).toBe(false);
    expect(network.asked).toEqual([]);
    expect(publicNetwork.requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'HEAD /x',
      'HEAD /moved',
      'HEAD /gone',
    ]);
  });

  it('C url-guardrail: asks once for each, some at a time, and not for more than it may', async () => {
    const { policy, network } = bench({ request: { maxUrls: 30, showAssessment: true } });
    const urls = Array.from({ length: 30 }, (_, index) => `https://good${index}.example`);
    expect((await policy.request(chat([...urls, ...urls].join(' ')))).answer).toBeUndefined();
    expect([network.asked.length, network.most]).toEqual([30, 10]);
    const more = await policy.request(chat([...urls, 'https://good.example'].join(' ')));
    const message = 'The payload has more than 30 different URLs.';
    expect(more.answer).toEqual(refusal('REQUEST', { assessments: { message, invalidUrls: [] } }));
    expect(network.asked).toHaveLength(30);
  });

  it.each([
    ['other ones', (index: number) => `https://good${index}.example `],
    ['the same one', () => 'https://good.example '],
    ['ones that are none', () => 'http://[ '],
    ['ones that are glued together', (index: number) => `${index % 90 === 0 ? ' ' : '('}https://good.example`],
  ])('C url-guardrail: does not read on where a text is full of %s', async (_, urlAt) => {
    const { policy, network } = bench({ request: {}, response: {} });
    const full = (length: number) => Array.from({ length }, (_item, index) => urlAt(index)).join('');
    const text = full(200_000);
    const startedAt = performance.now();
    expect((await policy.request(chat(text))).answer).toEqual(refusal('REQUEST'));
    expect(await policy.answerInTime(said(text))).toEqual(refusal('RESPONSE'));
    expect((await policy.streamInTime(spoken('before ', full(20_000)))).error).toBe(
      'Violation of url validity detected.',
    );
    // All of it took seconds.
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(network.asked).toEqual([]);
  });

  it('C url-guardrail: has one time for all of them', async () => {
    const { policy } = bench({ request: { timeout: 50, maxUrls: 100 } });
    const urls = Array.from({ length: 100 }, (_, index) => `https://slow${index}.example`);
    const startedAt = performance.now();
    expect((await policy.request(chat(urls.join(' ')))).answer).toEqual(refusal('REQUEST'));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('C url-guardrail: only counts in monitor mode', async () => {
    const { policy } = bench({ request: {}, response: {}, mode: 'monitor' });
    expect((await policy.request(chat('https://bad.example'))).answer).toBeUndefined();
    expect(await policy.answerInTime(said('https://bad.example'))).toEqual(said('https://bad.example'));
    const { events, error } = await policy.streamInTime(spoken('https://bad.example ', 'https://bad2.example'));
    expect([textIn(events), error]).toEqual(['https://bad.example https://bad2.example', null]);
    expect(policy.interventions.map(({ direction, mode }) => `${direction} ${mode}`)).toEqual([
      'REQUEST monitor',
      'RESPONSE monitor',
      'RESPONSE monitor',
    ]);
  });

  it('C url-guardrail: must look somewhere, in bounds', () => {
    const accepts = (params: object) => UrlGuardrail.params.safeParse(params).success;
    expect([accepts({}), accepts({ request: { timeout: 0 } }), accepts({ response: { maxUrls: 101 } })]).toEqual([
      false,
      false,
      false,
    ]);
    expect(accepts({ request: { onlyDNS: true, timeout: 3_000, jsonPath: '$.messages[-1].content' } })).toBe(true);
  });
});

describe('C url-guardrail: streams', () => {
  it('C url-guardrail: releases text before a URL at once, and the URL when it was found good', async () => {
    const { policy } = bench({ response: {} });
    const pieces = ['see ', 'ht', 'tps://go', 'od.exam', 'ple/x', ' now', ' then'];
    const { events, error } = await policy.streamInTime(spoken(...pieces));
    expect([textIn(events), error]).toEqual([pieces.join(''), null]);
    const texts = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
    expect(texts).toEqual(['see ', 'https://good.example/x now', ' then']);
  });

  it('C url-guardrail: waits for nothing where there is no URL', () => {
    const { policy } = bench({ response: {} });
    expect(policy.stream(spoken('no ', 'link ', 'here'))).toEqual({
      events: spoken('no ', 'link ', 'here'),
      error: null,
    });
  });

  it('C url-guardrail: releases nothing of a URL that leads nowhere, nor of what comes after it', async () => {
    for (const pieces of [
      ['before ', 'https://bad.example', '/x after'],
      ['before ', 'https://b', 'ad.example'],
    ]) {
      const { policy } = bench({ response: {} });
      const { events, error } = await policy.streamInTime(spoken(...pieces));
      expect([textIn(events), error]).toEqual(['before ', 'Violation of url validity detected.']);
      expect(events.some(({ type }) => type === 'finish' || type === 'end')).toBe(false);
    }
  });

  it('C url-guardrail: counts the URLs of a stream together', async () => {
    const { policy, network } = bench({ response: { maxUrls: 2 } });
    const good = (name: string) => `https://good-${name}.example `;
    expect((await policy.streamInTime(spoken(good('a'), good('b'), good('a')))).error).toBeNull();
    expect(network.asked).toHaveLength(2);
    expect((await policy.streamInTime(spoken(good('a'), good('b'), good('c')))).error).not.toBeNull();
  });
});
