import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Statement } from '../../../../lib/engines/postgres/sql/items.ts';
import { buildOf } from '../../../../lib/engines/postgres/swap/build.ts';
import { scheduleOf } from '../../../../lib/engines/postgres/swap/schedule.ts';

const read = (sql: string) => {
  const build = buildOf(new Statement(Buffer.from(sql), 1, 'UTF8'));
  return build && [build.table, build.other, build.shares];
};

test('indexes, keys and foreign keys are known with their tables, and nothing else', () => {
  const odd = '"My ""Schema"""."Ta(ble; ü"';
  expect(read(`CREATE UNIQUE INDEX "i x" ON ${odd} USING btree (a);`)).toEqual([odd, undefined, true]);
  expect(read('CREATE INDEX i ON s.t USING gin (to_tsvector(a)) WHERE b;')).toEqual(['s.t', undefined, true]);
  expect(read('ALTER TABLE ONLY s.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (id);')).toEqual([
    's.t',
    undefined,
    false,
  ]);
  expect(
    read(
      `ALTER TABLE ONLY s.t\n    ADD CONSTRAINT f FOREIGN KEY (a, "b)") REFERENCES ${odd}(x, y) ON DELETE CASCADE;`,
    ),
  ).toEqual(['s.t', odd, false]);
  for (const other of [
    'CREATE INDEX i ON ONLY s.t USING btree (a);',
    'ALTER TABLE ONLY s.t ATTACH PARTITION s.p DEFAULT;',
    'ALTER TABLE s.t ADD CONSTRAINT c CHECK (a > 0);',
    'ALTER TABLE ONLY s.t REPLICA IDENTITY USING INDEX i;',
    'CREATE TRIGGER x AFTER INSERT ON s.t EXECUTE FUNCTION f();',
  ]) {
    expect(read(other), other).toBeUndefined();
  }
});

const task = fc.record({
  uses: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 2 }),
  shares: fc.boolean(),
  size: fc.integer({ min: 0, max: 9 }),
});

test('whatever runs at the same time does not use the same thing, unless to share it, and the order is kept', () => {
  fc.assert(
    fc.property(fc.array(task, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (tasks, choices) => {
      const schedule = scheduleOf(tasks);
      const running: typeof tasks = [];
      const done = new Set<(typeof tasks)[number]>();
      const clash = (a: (typeof tasks)[number], b: (typeof tasks)[number]) =>
        !(a.shares && b.shares) && a.uses.some((thing) => b.uses.includes(thing));
      while (schedule.left > 0) {
        for (let next = schedule.next(); next; next = schedule.next()) {
          const at = tasks.indexOf(next);
          for (const earlier of tasks.slice(0, at)) if (clash(earlier, next)) expect(done).toContain(earlier);
          for (const other of running) expect(clash(other, next)).toBe(false);
          running.push(next);
        }
        expect(running.length).toBeGreaterThan(0);
        const [ended] = running.splice(choices.next().value! % running.length, 1);
        done.add(ended!);
        schedule.done(ended!);
      }
      expect(done.size).toBe(tasks.length);
    }),
  );
});
