import { createVirtualKey, Redactor, Secret } from '@penstock/secrets';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';

function capture(options: { readonly level?: string; readonly redactor?: Redactor } = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string): void => void lines.push(line) };
  const logger = createLogger({ name: 'gateway', level: 'info', destination, ...options });
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>;
  return { logger, lines, last };
}

describe('a logger', () => {
  it('writes one JSON object per line with ISO time, level and name', () => {
    const { logger, lines, last } = capture();
    logger.info({ revision: 4 }, 'applied');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(last()).toMatchObject({ level: 'info', name: 'gateway', revision: 4, msg: 'applied' });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('takes levels in any case and refuses unknown ones', () => {
    const { logger, lines } = capture({ level: 'WARN' });
    logger.info('quiet');
    logger.warn('loud');
    expect(lines).toHaveLength(1);
    expect(() => capture({ level: 'verbose' })).toThrow(RangeError);
  });

  it('drops the values of fields that are named like a secret, at any depth', () => {
    const { logger, last } = capture();
    logger.info({
      headers: { Authorization: 'Basic x', 'set-cookie': ['a'], 'X-Api-Key': 'k', accept: 'text/plain' },
      provider: { auth: { clientSecret: 'c', sealedValue: 'v1.x' }, items: [{ password: 'p' }] },
    });
    expect(last()).toMatchObject({
      headers: {
        Authorization: '[redacted]',
        'set-cookie': '[redacted]',
        'X-Api-Key': '[redacted]',
        accept: 'text/plain',
      },
      provider: {
        auth: { clientSecret: '[redacted]', sealedValue: '[redacted]' },
        items: [{ password: '[redacted]' }],
      },
    });
  });

  it('keeps counts of tokens', () => {
    const { logger, last } = capture();
    const counts = {
      inputTokens: 12,
      output_tokens: 3,
      maxTokens: '100',
      token: 7,
      firstTokenMs: 5.5,
      hasPassword: true,
    };
    logger.info({ usage: counts });
    expect(last()['usage']).toEqual(counts);
  });

  it('redacts the bindings of children', () => {
    const { logger, last } = capture();
    logger.child({ apiKey: 'k', proxy: 'shop' }).info('hello');
    expect(last()).toMatchObject({ apiKey: '[redacted]', proxy: 'shop' });
    logger.child({ proxy: 'shop' }).child({ password: 'p' }).info({ a: 1 }, 'hello');
    expect(last()).toMatchObject({ password: '[redacted]', proxy: 'shop', a: 1, msg: 'hello' });
  });

  it('shows of an error its name, message, stack, code and cause, not what a library hung on it', () => {
    const { logger, last } = capture();
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const error = Object.assign(new TypeError('no upstream', { cause }), {
      request: { headers: { 'x-k': 'private' } },
    });
    logger.error(error, 'failed');
    expect(last()['err']).toMatchObject({
      type: 'TypeError',
      message: 'no upstream',
      stack: expect.stringContaining('TypeError: no upstream'),
      cause: { message: 'refused', code: 'ECONNREFUSED' },
    });
    expect(JSON.stringify(last())).not.toContain('private');
  });

  it('scrubs the whole line, message and stack included, and leaves it JSON', () => {
    const redactor = new Redactor();
    const tricky = 'pa"ss\\word\n1';
    redactor.register(tricky);
    const { logger, lines, last } = capture({ redactor });
    const { key } = createVirtualKey();
    logger.error({ err: new Error(`upstream echoed ${tricky}`), note: `got ${tricky}` }, `key ${key} with ${tricky}`);
    const [line = ''] = lines;
    expect(line).not.toContain(key);
    expect(line).not.toContain(JSON.stringify(tricky).slice(1, -1));
    expect(last()).toMatchObject({ note: 'got [redacted]', err: { message: 'upstream echoed [redacted]' } });
  });

  it('survives cycles, depth and values that JSON cannot hold', () => {
    const { logger, last } = capture();
    const cycle: Record<string, unknown> = { big: 12n, secretBox: new Secret('hunter2') };
    cycle['self'] = cycle;
    logger.info({ cycle });
    expect(last()['cycle']).toMatchObject({ big: '12', secretBox: '[redacted]' });
  });
});
