import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildOf } from '../../../../lib/engines/postgres/parallel/build.ts';
import { readEarlyBuilds, withoutBuilt } from '../../../../lib/engines/postgres/parallel/early-builds.ts';
import { scheduleOf } from '../../../../lib/engines/postgres/parallel/schedule.ts';
import { Statement } from '../../../../lib/engines/postgres/script/items.ts';

async function* replay<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

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

const statement = (sql: string) => new Statement(Buffer.from(sql), 1, 'UTF8');
const plain = [
  'CREATE INDEX i ON s.t USING btree (a, "b (c" DESC NULLS LAST, c text_pattern_ops);',
  'CREATE UNIQUE INDEX i ON s.t USING btree (a) INCLUDE (b) NULLS NOT DISTINCT;',
  'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (id);',
  'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT t_key UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b);',
];
const notPlain = [
  'CREATE INDEX i ON s.t USING btree (lower(a));',
  'CREATE INDEX i ON s.t USING btree (a) WHERE f(b);',
  'CREATE INDEX i ON s.t USING btree (a) INCLUDE (b) WHERE c;',
  'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.u(a);',
  'ALTER TABLE ONLY s.t\n    ADD CONSTRAINT e EXCLUDE USING gist (a WITH &&);',
];

test('what needs nothing but the rows of its table is begun early, under the settings that it has to have', async () => {
  const others = [
    "COMMENT ON INDEX s.i IS 'x';",
    'CREATE TRIGGER x AFTER INSERT ON s.t EXECUTE FUNCTION f();',
  ];
  const setting = 'SET default_tablespace = fast;';
  const items = [
    setting,
    ...notPlain,
    ...plain,
    ...others,
    setting,
    'CREATE INDEX late ON s.t USING btree (a);',
  ];
  const early = await readEarlyBuilds(replay(items.map(statement)));
  expect(early.settings.map(({ text }) => text)).toEqual([setting]);
  expect(early.builds.map((build) => build.statement.text)).toEqual(plain);
  const left: string[] = [];
  for await (const item of withoutBuilt(replay(items.map(statement)), early.builds))
    left.push((item as Statement).text);
  expect(left).toEqual(items.filter((sql) => !plain.includes(sql)));
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
