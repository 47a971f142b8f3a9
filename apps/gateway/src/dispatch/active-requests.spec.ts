import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { ActiveRequests, type Watched } from './active-requests.ts';

const watched = () =>
  ({ slot: -1, check: jest.fn<(now: number) => void>(), shutDown: jest.fn<() => void>() }) satisfies Watched;

describe('ActiveRequests', () => {
  it('looks after those that are there and no others', () => {
    const active = new ActiveRequests();
    const [first, second] = [watched(), watched()];
    active.add(first);
    active.add(second);
    active.delete(first);
    active.delete(first);
    active.check(7);
    active.shutDown();
    expect(active.size).toBe(1);
    expect(first.check).not.toHaveBeenCalled();
    expect(second.check).toHaveBeenCalledWith(7);
    expect(second.shutDown).toHaveBeenCalledTimes(1);
  });

  it('takes a request that ends while all are looked at', () => {
    const active = new ActiveRequests();
    const entries = [watched(), watched(), watched()];
    for (const entry of entries) active.add(entry);
    entries[0]?.check.mockImplementation(() => entries.forEach((entry) => active.delete(entry)));
    active.check(0);
    expect(active.size).toBe(0);
  });

  it('keeps no request of the past alive: nothing of them gets into the old generation', () => {
    const script = `
      import { ActiveRequests } from ${JSON.stringify(path.join(import.meta.dirname, 'active-requests.ts'))};
      import { getHeapSpaceStatistics } from 'node:v8';
      const oldBytes = () => getHeapSpaceStatistics().find((space) => space.space_name === 'old_space').space_used_size;
      const active = new ActiveRequests();
      const inWork = [];
      const serve = (count) => {
        for (let index = 0; index < count; index += 1) {
          const request = { slot: -1, payload: Array.from({ length: 60 }, (_, position) => ({ position, index })) };
          active.add(request);
          inWork.push(request);
          if (inWork.length > 64) active.delete(inWork.splice((index * 7) % 64, 1)[0]);
        }
      };
      serve(5000);
      gc();
      const before = oldBytes();
      serve(30000);
      console.log(oldBytes() - before);`;
    const flags = ['--expose-gc', '--input-type=module', '-e', script];
    const grown = Number(execFileSync(process.execPath, flags, { encoding: 'utf8' }));
    // 30,000 requests hold some 80 MB, of which a Set lets 40 into the old generation; here nearly none may get there.
    expect(grown).toBeLessThan(3_000_000);
  });
});
