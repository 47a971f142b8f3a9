import { describe, expect, it } from '@jest/globals';
import { applicableLimit } from './limiter-conformance.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import type { Settlement } from './settlement-queue.ts';
import { SettlementSender } from './settlement-sender.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const budget: ApplicableLimit = { ...applicableLimit({ unit: 'cost', window: 'month', max: 1_000 }), reseeded: true };
const tokens = applicableLimit({ unit: 'tokens', window: 'month', max: 1_000 });
const settlement = (reservationId: string, applicable = budget): Settlement => ({
  reservationId,
  organizationId: applicable.organizationId,
  charges: [{ applicable, amount: 5, actual: 3 }],
});

function createSender() {
  const world = { told: [] as string[], reachable: true, debts: [] as Settlement[], answers: [] as (() => void)[] };
  const slow = { on: false };
  const sender = new SettlementSender({
    send: async ({ reservationId }) => {
      if (slow.on) await new Promise<void>((resolve) => void world.answers.push(resolve));
      world.told.push(reservationId);
    },
    usable: () => world.reachable,
    reachable: () => world.reachable,
    takeDebts: () => world.debts.splice(0),
    succeeded: () => undefined,
    failed: () => undefined,
  });
  return { sender, world, slow };
}

describe('the sender of settlements', () => {
  it('tells what waits when Redis is back, once', async () => {
    const { sender, world } = createSender();
    world.reachable = false;
    await sender.send(settlement('one'));
    await sender.report();
    expect(world.told).toEqual([]);
    world.reachable = true;
    await sender.send(settlement('two'));
    sender.wake();
    await turn();
    expect(world.told).toEqual(['two', 'one']);
    await sender.close();
  });

  it('holds back settlements of budgets, and their debts, but nothing else', async () => {
    const { sender, world } = createSender();
    sender.hold();
    await sender.send(settlement('budget'));
    await sender.send(settlement('tokens', tokens));
    sender.sendLater({ ...settlement('withdrawn'), withdrawn: true });
    world.debts = [settlement('debt'), settlement('debt of tokens', tokens)];
    await sender.report();
    expect(world.told).toEqual(['tokens', 'withdrawn', 'debt of tokens']);
    await sender.caughtUp();
    sender.release();
    await turn();
    expect(world.told.slice(3)).toEqual(['budget', 'debt']);
    await sender.close();
  });

  it('has caught up when Redis knows of all that came before it was told to hold back', async () => {
    const { sender, world, slow } = createSender();
    slow.on = true;
    const sending = sender.send(settlement('under way'));
    sender.hold();
    await expect(sender.caughtUp()).rejects.toThrow('does not know');
    world.answers.shift()?.();
    await sending;
    slow.on = false;
    await sender.send(settlement('after'));
    await sender.caughtUp();
    expect(world.told).toEqual(['under way']);
    sender.hold();
    await sender.caughtUp();
    expect(world.told).toEqual(['under way', 'after']);
    await sender.close();
  });

  it('has not caught up while Redis cannot be reached', async () => {
    const { sender, world } = createSender();
    world.reachable = false;
    await sender.send(settlement('one'));
    sender.hold();
    await expect(sender.caughtUp()).rejects.toThrow('does not know');
    world.reachable = true;
    await sender.caughtUp();
    expect(world.told).toEqual(['one']);
    await sender.close();
  });

  it('tells what was held back when it is closed', async () => {
    const { sender, world } = createSender();
    sender.hold();
    await sender.send(settlement('held'));
    await sender.close();
    expect(world.told).toEqual(['held']);
  });
});
