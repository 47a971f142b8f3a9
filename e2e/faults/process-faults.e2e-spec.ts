import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { iterateData, readChatStream } from '../support/chat-stream.ts';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import type { ErrorAnswer } from '../support/gateway-client.ts';
import { type Caller, createCaller, createScenario, type Scenario } from '../support/scenario.ts';
import { openSimulated, type UpstreamUnderTest } from '../support/upstream-under-test.ts';
import { usageWhenComplete } from '../support/usage-of-key.ts';

let upstream: UpstreamUnderTest;
let stack: FaultStack;
let scenario: Scenario;

beforeAll(async () => {
  upstream = await openSimulated();
  stack = await startFaultStack();
  scenario = await createScenario({ admin: stack.admin, gateway: stack.gatewayUrl, upstream });
});
afterAll(async () => {
  await stack?.stop();
  await upstream?.stop();
});

/** A key of the test's own, so that its usage stands alone. */
const newCaller = (): Promise<Caller> => createCaller({ admin: stack.admin, baseUrl: scenario.baseUrl });

describe('While control plane and worker are down', () => {
  it('traffic goes on, and usage arrives later, complete', async () => {
    const { keyName: name, client } = await newCaller();
    await Promise.all([stack.controlPlane.kill(), stack.worker.kill()]);
    const answers = [await client.complete('One'), await client.complete('Two')];
    await Promise.all([stack.controlPlane.start(), stack.worker.start()]);
    const usage = await usageWhenComplete(stack.admin, name, { requests: 2, timeoutMs: 20_000 });
    const output = answers.reduce((sum, answer) => sum + answer.usage.completion_tokens, 0);
    expect(usage).toMatchObject({ requests: 2, outputTokens: output });
  });
});

describe('A gateway that is killed in the middle of a stream', () => {
  it('loses no usage: what ended is exact, what was cut off is presumed', async () => {
    const { keyName: name, client } = await newCaller();
    const { usage: finished } = await client.complete('Hello');
    const stream = await client.chat('Describe water at length', { ...upstream.endless, stream: true });
    const data = iterateData(stream);
    while (!(await data.next()).value?.includes('"content":"')) continue;
    await stack.gateway.kill();
    await expect(Array.fromAsync(data)).rejects.toThrow();
    await stack.gateway.start();
    const usage = await usageWhenComplete(stack.admin, name, { requests: 2, timeoutMs: 20_000 });
    expect(usage.requests).toBe(2);
    const events = await stack.admin.usageEventsOfKey(name);
    expect(events.map(({ outcome }) => outcome).sort()).toEqual(['completed', 'presumed']);
    const presumed = events.find(({ outcome }) => outcome === 'presumed')!;
    expect(presumed).toMatchObject({ usageSource: 'presumed', stream: true, providerName: scenario.providerName });
    expect(presumed.usage.inputTokens).toBeGreaterThan(0);
    expect(events.find(({ outcome }) => outcome === 'completed')!.usage).toMatchObject({
      inputTokens: finished.prompt_tokens,
      outputTokens: finished.completion_tokens,
    });
  });
});

describe('An upstream that fails', () => {
  it('in the middle of a stream ends it with an error and without a mark of success', async () => {
    const response = await scenario.client.chat('Hello', { ...upstream.simulation!.cut, stream: true });
    const { chunks, isDone } = await readChatStream(response);
    expect(isDone).toBe(false);
    expect(chunks.at(-1)?.error?.message).toBeTruthy();
  });

  it('before the answer is told in the form of OpenAI', async () => {
    upstream.simulation!.failWith(500);
    const failed = await scenario.client.chat('Hello');
    upstream.simulation!.behaveAgain();
    expect(failed.status).toBe(502);
    expect(((await failed.json()) as ErrorAnswer).error).toMatchObject({
      type: 'server_error',
      code: 'upstream_error',
    });
  });

  it('by being gone is told as 502 or 503, and is served again when it is back', async () => {
    await upstream.stop();
    const failed = await scenario.client.chat('Hello');
    const { error } = (await failed.json()) as ErrorAnswer;
    expect([502, 503]).toContain(failed.status);
    expect(['upstream_error', 'no_target_available']).toContain(error.code);
    expect(error.type).toBe('server_error');
    await upstream.simulation!.comeBack();
    await waitUntil('the upstream to be used again', async () => (await scenario.client.chat('Hello')).status === 200, {
      timeoutMs: 45_000,
      intervalMs: 200,
    });
  }, 60_000);
});
