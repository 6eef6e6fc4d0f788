import type { MysqlSession } from './session.ts';

/** Sessions that work together; one at least, and the first often has a part of its own. */
export type MysqlSessions = readonly [first: MysqlSession, ...others: MysqlSession[]];

/** Opens `count` sessions at the same time. Fails only when all have come to their end: nothing is opened after that. */
export async function openTogether(count: number, open: () => Promise<MysqlSession>): Promise<MysqlSessions> {
  const opening: [Promise<MysqlSession>, ...Promise<MysqlSession>[]] = [
    open(),
    ...Array.from({ length: count - 1 }, open),
  ];
  await Promise.allSettled(opening);
  return await Promise.all(opening);
}
