import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CircuitBreakers } from './circuit-breakers.ts';

function failing(breaker: CircuitBreaker, times: number, now = 0): void {
  for (let index = 0; index < times; index += 1) {
    breaker.admit(now);
    breaker.failed(now);
  }
}

describe('CircuitBreaker', () => {
  it('opens after five failures in a row', () => {
    const breaker = new CircuitBreaker();
    failing(breaker, 4);
    breaker.succeeded(0);
    failing(breaker, 4);
    expect(breaker.state(0)).toBe('closed');
    failing(breaker, 1);
    expect([breaker.state(0), breaker.admit(0), breaker.retryAfterMs(4000)]).toEqual(['open', false, 6000]);
  });

  it('opens when half of twenty calls fail', () => {
    const breaker = new CircuitBreaker();
    for (let index = 0; index < 10; index += 1) {
      breaker.succeeded(0);
      failing(breaker, 1);
    }
    expect(breaker.state(0)).toBe('open');
  });

  it('forgets what happened in an earlier window', () => {
    const breaker = new CircuitBreaker();
    for (let index = 0; index < 9; index += 1) {
      breaker.succeeded(0);
      failing(breaker, 1);
    }
    breaker.succeeded(31_000);
    failing(breaker, 1, 31_000);
    expect(breaker.state(31_000)).toBe('closed');
  });

  it('lets one probe through at a time, and closes when it succeeds', () => {
    const breaker = new CircuitBreaker();
    failing(breaker, 5);
    expect(breaker.state(10_000)).toBe('half-open');
    expect([breaker.admit(10_000), breaker.admit(10_000)]).toEqual([true, false]);
    breaker.succeeded(10_001);
    expect([breaker.state(10_001), breaker.admit(10_001)]).toEqual(['closed', true]);
  });

  it('stays open twice as long each time a probe fails, up to two minutes', () => {
    const breaker = new CircuitBreaker();
    failing(breaker, 5);
    const waits: number[] = [];
    let now = 0;
    for (let index = 0; index < 6; index += 1) {
      waits.push(breaker.retryAfterMs(now));
      now += breaker.retryAfterMs(now);
      failing(breaker, 1, now);
    }
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
  });

  it('lets the next one probe when a probe says nothing', () => {
    const breaker = new CircuitBreaker();
    failing(breaker, 5);
    breaker.admit(10_000);
    breaker.passed();
    expect(breaker.admit(10_000)).toBe(true);
  });

  it('closes when the target is alive though it refuses', () => {
    const breaker = new CircuitBreaker();
    failing(breaker, 5);
    breaker.admit(10_000);
    breaker.answered();
    expect(breaker.state(10_000)).toBe('closed');
  });

  it('can be switched off', () => {
    const breaker = new CircuitBreaker({ consecutiveFailures: 0 });
    failing(breaker, 100);
    expect(breaker.state(0)).toBe('closed');
  });
});

describe('CircuitBreakers', () => {
  it('are usable until every model that was asked is broken', () => {
    const breakers = new CircuitBreakers();
    expect(breakers.isUsable(0)).toBe(true);
    failing(breakers.of('a'), 5);
    expect(breakers.isUsable(0)).toBe(false);
    breakers.of('b');
    expect([breakers.isUsable(0), breakers.worst(0)]).toEqual([true, 'open']);
  });

  it('have a breaker for each model, in bounds', () => {
    const breakers = new CircuitBreakers();
    failing(breakers.of('a'), 5);
    expect([breakers.of('a').state(0), breakers.of('b').state(0), breakers.worst(0)]).toEqual([
      'open',
      'closed',
      'open',
    ]);
    for (let index = 0; index < 2000; index += 1) breakers.of(`model-${index}`);
    expect(breakers.of('one-more')).toBe(breakers.of('another'));
  });
});
