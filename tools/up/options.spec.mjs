import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../bootstrap.mjs';
import { parseOptions } from './options.mjs';

describe('the options of npm run up', () => {
  it('have defaults', () => {
    expect(parseOptions([])).toEqual({
      portOffset: 0,
      data: path.join(root, '.penstock'),
      demo: true,
      reset: false,
      detach: false,
      help: false,
    });
  });

  it('are read from the command line', () => {
    expect(parseOptions(['--port-offset', '100', '--data', '/tmp/penstock', '--no-demo', '--detach'])).toMatchObject({
      portOffset: 100,
      data: '/tmp/penstock',
      demo: false,
      detach: true,
    });
  });

  it.each(['x', '-1', '1.5', '60000'])('refuse the port offset %s', (value) => {
    expect(() => parseOptions([`--port-offset=${value}`])).toThrow(`not "${value}".`);
  });

  it('refuse what they do not know', () => {
    expect(() => parseOptions(['--nope'])).toThrow("Unknown option '--nope'; see npm run up -- --help.");
  });
});
