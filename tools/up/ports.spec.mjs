import { describe, expect, it } from '@jest/globals';
import { portsFor } from './ports.mjs';

describe('portsFor', () => {
  it('gives the documented ports', () => {
    expect(portsFor(0, {})).toMatchObject({
      gateway: 8080,
      gatewayOperations: 8081,
      controlPlane: 3000,
      controlPlaneOperations: 3001,
    });
  });

  it('adds the offset to every port, and none collide', () => {
    const plain = portsFor(0, {});
    const shifted = portsFor(100, {});
    expect(Object.keys(shifted).map((name) => shifted[name] - plain[name])).toEqual(Object.keys(plain).map(() => 100));
    expect(new Set(Object.values(plain)).size).toBe(Object.keys(plain).length);
  });

  it('refuses a port to which no browser connects, before anything is started', () => {
    expect(() => portsFor(3000, {})).toThrow(/The port for the control plane would be 6000, .* Choose another offset/);
    expect(() => portsFor(3001, { PENSTOCK_CONTROL_PLANE_OPERATIONS_PORT: '4001' })).not.toThrow();
  });

  it('takes a port from the environment', () => {
    expect(portsFor(1, { PENSTOCK_GATEWAY_PORT: '9000' }).gateway).toBe(9001);
  });

  it.each([
    [0, 'x'],
    [0, '0'],
    [1000, '65000'],
  ])('refuses what is no port (offset %i, %s)', (offset, value) => {
    expect(() => portsFor(offset, { PENSTOCK_GATEWAY_PORT: value })).toThrow(
      /The port for the gateway .* is not between 1 and 65535/,
    );
  });
});
