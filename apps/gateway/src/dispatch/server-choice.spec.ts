import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledProvider, CompiledServer } from '../config/compiled-config.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ServerChoice } from './server-choice.ts';

const server = (weight: number): CompiledServer =>
  ({ baseUrl: `http://${weight}`, weight, breaker: new CircuitBreaker({ consecutiveFailures: 1 }) }) as CompiledServer;
const providerOf = (servers: readonly CompiledServer[] | null) => ({ servers }) as CompiledProvider;

describe('ServerChoice', () => {
  it('A3: upstreamDefinitions: chooses by weight', () => {
    const servers = [server(3), server(1)];
    const at = (point: number) => {
      const choice = new ServerChoice(() => point);
      choice.choose(providerOf(servers), 0);
      return choice.current;
    };
    expect([0, 0.74, 0.76, 0.999].map(at)).toEqual([servers[0], servers[0], servers[1], servers[1]]);
  });

  it('A3: upstreamDefinitions: asks each server once, and one with an open breaker only when nothing else is left', () => {
    const points = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 5 }),
        points,
        (weights, draws) => {
          const servers = weights.map(server);
          let draw = 0;
          const choice = new ServerChoice(() => draws[(draw += 1) % draws.length] ?? 0);
          const [broken] = servers;
          broken?.breaker.failed(0);
          const asked = servers.map(() => {
            choice.choose(providerOf(servers), 0);
            return choice.current;
          });
          expect(new Set(asked).size).toBe(servers.length);
          expect(asked.at(-1)).toBe(broken);
          expect(choice.hasAnother(providerOf(servers), 0)).toBe(false);
        },
      ),
    );
  });

  it('has nothing to say of a provider with one server', () => {
    const choice = new ServerChoice(() => 0);
    choice.choose(providerOf(null), 0);
    choice.tell('failed', 0);
    expect([choice.current, choice.hasAnother(providerOf(null), 0)]).toEqual([null, false]);
  });
});
