import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { MESSAGES_SURFACE } from '../endpoints/surfaces/anthropic-surfaces.ts';
import { CHAT_SURFACE } from '../endpoints/surfaces/openai-surfaces.ts';
import type { Route } from './route-table.ts';
import { speaksAnthropic } from './speaks-anthropic.ts';

const request = (version?: string): IncomingMessage =>
  ({ headers: version === undefined ? {} : { 'anthropic-version': version } }) as unknown as IncomingMessage;
const route = (endpoint: Partial<Endpoint>): Route => ({ endpoint }) as Route;

describe('whether a caller reads what Anthropic writes', () => {
  it('is decided by the path where the path belongs to one dialect', () => {
    expect(speaksAnthropic({ route: route({ surface: MESSAGES_SURFACE }), request: request() })).toBe(true);
    expect(speaksAnthropic({ route: route({ surface: CHAT_SURFACE }), request: request('2023-06-01') })).toBe(false);
  });

  it.each([null, route({ operation: 'models' })])('is decided by the version that it names elsewhere', (elsewhere) => {
    expect(speaksAnthropic({ route: elsewhere, request: request('2023-06-01') })).toBe(true);
    expect(speaksAnthropic({ route: elsewhere, request: request() })).toBe(false);
  });
});
