import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OpenReservation, OpenReservations } from './open-reservations.ts';

const reservation = (id: string): OpenReservation => new OpenReservation({ id, charges: [], reservedAtMs: 1 });

describe('open reservations', () => {
  it('are those that were added and not deleted, also by a copy, also twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9))), (steps) => {
        const [open, model] = [new OpenReservations(100), new Map<string, OpenReservation>()];
        const all: OpenReservation[] = [];
        for (const [adds, which] of steps) {
          if (adds) {
            const added = reservation(`${all.length}`);
            all.push(added);
            open.add(added);
            model.set(added.id, added);
          } else {
            const deleted = all[which % Math.max(1, all.length)];
            if (deleted) open.delete(structuredClone(deleted));
            model.delete(deleted?.id ?? '');
          }
          expect(new Set(open.list())).toEqual(new Set(model.values()));
          expect(open.size).toBe(model.size);
          expect(all.filter((one) => open.has(one))).toEqual([...model.values()]);
        }
      }),
    );
  });

  it('are no more than may be', () => {
    const open = new OpenReservations(2);
    const all = ['a', 'b', 'c'].map(reservation);
    for (const one of all) open.add(one);
    expect(open.list()).toEqual(all.slice(0, 2));
    open.delete(all[2]!);
    open.delete(all[0]!);
    open.add(reservation('d'));
    expect(open.list().map(({ id }) => id)).toEqual(['d', 'b']);
  });
});
