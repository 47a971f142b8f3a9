import { describe, expect, it } from '@jest/globals';
import { gatewayUrlBeside } from './gateway-url.ts';

describe('the gateway’s address', () => {
  it.each([
    ['http://127.0.0.1:3000/virtual-keys', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1:13000/', 'http://127.0.0.1:18080'],
    ['https://penstock.example.com/', 'https://penstock.example.com:8080'],
  ])('beside %s is %s', (page, gateway) => {
    expect(gatewayUrlBeside(new URL(page))).toBe(gateway);
  });
});
