import process from 'node:process';
import { describe, expect, it } from '@jest/globals';
import { runCommand } from './run-command.mjs';

const script = (text) => [process.execPath, ['-e', text]];

describe('a command that is run', () => {
  it('tells its code and what it wrote', async () => {
    const [file, args] = script("console.log('a'); console.error('b'); process.exitCode = 3");
    expect(await runCommand(file, args)).toEqual({
      code: 3,
      output: expect.stringMatching(/^(a\nb|b\na)\n$/),
      lingered: false,
    });
  });

  it('is ended when it lingers after its last word', async () => {
    const [file, args] = script("console.log('all done'); setTimeout(() => {}, 60_000)");
    const ended = await runCommand(file, args, { lingering: { after: /all done/, ms: 100 } });
    expect(ended).toMatchObject({ output: 'all done\n', lingered: true });
  });

  it('does not linger when it ends in time', async () => {
    const [file, args] = script("console.log('all done')");
    const ended = await runCommand(file, args, { lingering: { after: /all done/, ms: 20_000 } });
    expect(ended).toEqual({ code: 0, output: 'all done\n', lingered: false });
  });

  it('has the code 124 when it takes too long', async () => {
    const [file, args] = script('setTimeout(() => {}, 60_000)');
    expect(await runCommand(file, args, { timeoutMs: 200 })).toMatchObject({ code: 124 });
  });
});
