import { expect, test } from 'vitest';
import { deferKeys } from '../../../../lib/engines/mysql/load/deferred-keys.ts';
import { Statement } from '../../../../lib/engines/mysql/script/items.ts';

const TABLE = `CREATE TABLE \`my \`\`t\` (
  \`id\` int NOT NULL AUTO_INCREMENT,
  \`a\` varchar(10) DEFAULT NULL COMMENT 'KEY, AUTO_INCREMENT',
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`u\` (\`a\`),
  KEY \`k\` (\`a\`,\`id\`),
  FULLTEXT KEY \`f1\` (\`a\`),
  FULLTEXT KEY \`f2\` (\`a\`) /*!50100 WITH PARSER \`ngram\` */ ,
  CONSTRAINT \`fk\` FOREIGN KEY (\`id\`) REFERENCES \`o\` (\`id\`),
  CONSTRAINT \`c\` CHECK ((\`id\` > 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
/*!50100 PARTITION BY HASH (\`id\`) */`;

const defer = (sql: string) => deferKeys(new Statement(Buffer.from(sql), 3));

test('indexes and foreign keys come after the rows', () => {
  const deferred = defer(TABLE)!;
  expect(deferred.name).toBe('my `t');
  expect(deferred.table.latin1).toBe(`CREATE TABLE \`my \`\`t\` (
  \`id\` int NOT NULL AUTO_INCREMENT,
  \`a\` varchar(10) DEFAULT NULL COMMENT 'KEY, AUTO_INCREMENT',
  PRIMARY KEY (\`id\`),
  CONSTRAINT \`c\` CHECK ((\`id\` > 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
/*!50100 PARTITION BY HASH (\`id\`) */`);
  expect(deferred.indexes.map((it) => it.latin1)).toEqual([
    'ALTER TABLE `my ``t` ADD UNIQUE KEY `u` (`a`), ADD KEY `k` (`a`,`id`)',
    'ALTER TABLE `my ``t` ADD FULLTEXT KEY `f1` (`a`)',
    'ALTER TABLE `my ``t` ADD FULLTEXT KEY `f2` (`a`) /*!50100 WITH PARSER `ngram` */',
  ]);
  expect(deferred.foreignKeys?.latin1).toBe(
    'ALTER TABLE `my ``t` ADD CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `o` (`id`)',
  );
});

test.for([
  ['no secondary key', '  `id` int NOT NULL,\n  PRIMARY KEY (`id`)'],
  ['no primary key', '  `id` int NOT NULL,\n  UNIQUE KEY `u` (`id`)'],
  [
    'AUTO_INCREMENT by another key',
    '  `a` int NOT NULL,\n  `id` int AUTO_INCREMENT,\n  PRIMARY KEY (`a`),\n  KEY `k` (`id`)',
  ],
])('made as it is: %s', ([, body]) => {
  expect(defer(`CREATE TABLE \`t\` (\n${body}\n) ENGINE=InnoDB`)).toBeUndefined();
});

test('made as it is: another engine, or another hand', () => {
  const body = '  `id` int NOT NULL,\n  PRIMARY KEY (`id`),\n  KEY `k` (`id`)';
  expect(defer(`CREATE TABLE \`t\` (\n${body}\n) ENGINE=MyISAM`)).toBeUndefined();
  expect(defer('CREATE TABLE t (id int PRIMARY KEY, KEY k (id)) ENGINE=InnoDB')).toBeUndefined();
});
