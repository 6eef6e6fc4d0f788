import { describe, expect, test } from 'vitest';
import type { Between } from '../../../../lib/engines/engine.ts';
import { explain } from '../../../../lib/engines/mysql/restore-test/explain.ts';

const LEFT =
  'The server lets this user make nothing for others: views and programs of these definers are its own now: root@% (2), app@host (1).';

function between(versions: readonly [string, string], flavor: string, warnings: string[] = []): Between {
  const side = (version: string) => ({ version, details: { flavor }, warnings: [] });
  return { was: side(versions[0]), is: { ...side(versions[1]), warnings } };
}

const SAME = ['9.7.0', '9.7.0'] as const;
const OTHER = ['8.0.18', '9.7.0'] as const;

function explained(was: string, is: string, facts: Between): string | null {
  const object = (text: string) => ({ kind: 'TABLE', name: 't', text });
  return explain(object(was), object(is), facts);
}

describe('another version', () => {
  const mysql: readonly (readonly [was: string, is: string])[] = [
    ['`a` int(11) NOT NULL, `y` year(4)', '`a` int NOT NULL, `y` year'],
    ['`a` tinyint(4) unsigned', '`a` tinyint unsigned'],
    ['DEFAULT CHARSET=utf8 COLLATE=utf8_bin', 'DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin'],
    [
      "`a` varchar(3) CHARACTER SET utf8 DEFAULT _utf8'x'",
      "`a` varchar(3) CHARACTER SET utf8mb3 DEFAULT _utf8mb3'x'",
    ],
  ];
  const mariadb: readonly (readonly [was: string, is: string])[] = [
    ['ENGINE=InnoDB `PAGE_COMPRESSED`=1', "ENGINE=InnoDB `PAGE_COMPRESSED`='1'"],
    ['(\n  `a` int(11) INVISIBLE DEFAULT 5,\n', '(\n  `a` int(11) DEFAULT 5 INVISIBLE,\n'],
  ];
  const changed: readonly (readonly [was: string, is: string])[] = [
    ['`a` int(11)', '`a` bigint'],
    ['`a` tinyint(1)', '`a` tinyint'],
    ['`a` int(5) unsigned zerofill', '`a` int unsigned'],
    ["DEFAULT 'int(11)'", "DEFAULT 'int'"],
    ["COMMENT 'CHARSET=utf8'", "COMMENT 'CHARSET=utf8mb3'"],
    ['CHARSET=utf8', 'CHARSET=utf8mb4'],
    ['(\n  `a` int DEFAULT 5,\n', '(\n  `a` int DEFAULT 5 INVISIBLE,\n'],
    ['`PAGE_COMPRESSED`=1', "`PAGE_COMPRESSED`='2'"],
  ];

  test.each(mysql)('of MySQL: %s', (was, is) => {
    expect(explained(was, is, between(OTHER, 'mysql'))).toBe('server-version');
    expect(explained(was, is, between(SAME, 'mysql'))).toBeNull();
  });

  test.each(mariadb)('of MariaDB: %s', (was, is) => {
    expect(explained(was, is, between(OTHER, 'mariadb'))).toBe('server-version');
    expect(explained(was, is, between(OTHER, 'mysql'))).toBeNull();
  });

  test.each(changed)('no excuse for %s', (was, is) => {
    for (const flavor of ['mysql', 'mariadb']) expect(explained(was, is, between(OTHER, flavor))).toBeNull();
  });

  test('of another system is no excuse', () => {
    const { was, is } = between(OTHER, 'mysql');
    const crossed = { was, is: { ...is, details: { flavor: 'mariadb' } } };
    expect(explained('`a` int(11)', '`a` int', crossed)).toBeNull();
  });
});

describe('a definer', () => {
  const of = (definer: string, body = '1') =>
    `SET sql_mode = '';\nCREATE DEFINER=${definer} PROCEDURE \`p\`()\nSELECT ${body}`;
  const told = between(SAME, 'mysql', [LEFT]);

  test('that was left to who restores is explained, when the load has said so', () => {
    expect(explained(of('`root`@`%`'), of('`tester`@`%`'), told)).toBe('definer');
    expect(explained(of('`root`@`%`'), of('`tester`@`%`'), between(SAME, 'mysql'))).toBeNull();
    expect(explained(of('`other`@`%`'), of('`tester`@`%`'), told)).toBeNull();
  });

  test('explains nothing else', () => {
    expect(explained(of('`root`@`%`'), of('`tester`@`%`', '2'), told)).toBeNull();
    expect(explain({ kind: 'VIEW', name: 'v', text: of('`root`@`%`') }, undefined, told)).toBeNull();
  });

  test('and another version explain one object together', () => {
    const [was, is] = [of('`app`@`host`', "_utf8'x'"), of('`tester`@`%`', "_utf8mb3'x'")];
    expect(explained(was, is, between(OTHER, 'mysql', [LEFT]))).toBe('definer');
  });
});
