import { describe, expect, it } from '@jest/globals';
import { Backoff } from '../queue/backoff.ts';
import { customKind } from './custom-kinds.ts';
import type { KubeApi, ListPage, WatchOptions } from './kube-api.ts';
import { KubeError } from './kube-error.ts';
import { Reflector } from './reflector.ts';

const object = (name: string, resourceVersion: string) => ({ metadata: { namespace: 'n', name, resourceVersion } });

/** Plays lists and watches one after the other; when all are played, it ends the run. */
async function play(steps: readonly (ListPage | Error | ((options: WatchOptions) => void))[]): Promise<string[]> {
  const told: string[] = [];
  const end = new AbortController();
  const left = [...steps];
  const next = (): (typeof steps)[number] => {
    const step = left.shift();
    if (step !== undefined) return step;
    end.abort();
    throw new KubeError('over', 0, 'Unanswered');
  };
  const list = async (_watched: unknown, _namespace: unknown, token?: string): Promise<ListPage> => {
    told.push(`list ${token ?? ''}`.trim());
    const step = next();
    if (step instanceof Error) throw step;
    return step as ListPage;
  };
  const watch = async (_watched: unknown, options: WatchOptions): Promise<void> => {
    told.push(`watch ${options.resourceVersion}`);
    const step = next();
    if (step instanceof Error) throw step;
    (step as (options: WatchOptions) => void)(options);
  };
  const reflector = new Reflector({
    api: { list, watch } as unknown as KubeApi,
    watched: customKind('Quota'),
    namespace: undefined,
    onObject: (seen) => told.push(`seen ${(seen as ReturnType<typeof object>).metadata.name}`),
    onGone: (_namespace, name) => told.push(`gone ${name}`),
    onListed: () => told.push('listed'),
    onFault: (error) => told.push(`fault ${(error as Error).message}`),
    backoff: new Backoff(1, 8, () => 0),
    sleep: async (ms) => void told.push(`sleep ${ms}`),
  });
  await reflector.run(end.signal);
  return told;
}

/** In lines that begin with these. */
function grouped(told: readonly string[], beginnings: readonly string[]): string[] {
  const lines: string[][] = [];
  for (const text of told) {
    if (beginnings.includes(text)) lines.push([]);
    lines.at(-1)?.push(text);
  }
  return lines.map((line) => line.join(' | '));
}

const page = (items: ReturnType<typeof object>[], resourceVersion: string, token?: string): ListPage => ({
  items: items as never,
  resourceVersion,
  ...(token !== undefined && { continue: token }),
});

describe('Reflector', () => {
  it('lists page by page and watches from there, going on where a watch ended', async () => {
    const told = await play([
      page([object('a', '1')], '5', 'next'),
      page([object('b', '2')], '5'),
      ({ onEvent }) => {
        onEvent({ type: 'MODIFIED', object: object('a', '6') });
        onEvent({ type: 'DELETED', object: object('b', '7') });
        onEvent({ type: 'BOOKMARK', object: object('', '9') });
      },
    ]);
    expect(told).toEqual(['list', 'list next', 'seen a', 'seen b', 'listed', 'watch 5', 'seen a', 'gone b', 'watch 9']);
  });

  it('lists anew when the past is forgotten, and finds what is gone meanwhile', async () => {
    const status = { code: 410, reason: 'Expired', message: 'too old resource version: 5 (8)' };
    const told = await play([
      page([object('a', '1'), object('b', '2')], '5'),
      ({ onEvent }) => onEvent({ type: 'ERROR', object: status }),
      page([object('a', '1'), object('c', '9')], '9'),
    ]);
    expect(grouped(told, ['list'])).toEqual([
      'list | seen a | seen b | listed | watch 5 | sleep 1',
      'list | seen c | gone b | listed | watch 9',
    ]);
  });

  it('waits longer after each failure in a row, and goes on from where it was', async () => {
    const broken = new KubeError('broken', 0, 'Unanswered');
    const told = await play([
      broken,
      broken,
      page([], '3'),
      broken,
      ({ onEvent }) => onEvent({ type: 'ADDED', object: object('a', '4') }),
      broken,
    ]);
    expect(grouped(told, ['list'])).toEqual([
      'list | fault broken | sleep 1',
      'list | fault broken | sleep 2',
      'list | listed | watch 3 | fault broken | sleep 4 | watch 3 | seen a | watch 4 | fault broken | sleep 1 | watch 4',
    ]);
  });
});
