-- Keys, indexes, checks, defaults, generated columns, partitions, comments, names.
SET sql_mode = '';
CREATE TABLE parents (
  id INT NOT NULL, part INT NOT NULL, code VARCHAR(30) NOT NULL, name VARCHAR(100) DEFAULT 'it''s', note TEXT, pair INT, PRIMARY KEY (id, part),
  UNIQUE KEY by_code (code), KEY by_name (name(10)), KEY both_ways (part, id), KEY pairs (pair), FULLTEXT KEY words (note), FULLTEXT KEY more (name, note)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COMMENT = 'a "table" of ''parents''; with \\ and\na line';
INSERT INTO parents VALUES (1, 1, 'a', 'Ana', 'some words to find', 1), (1, 2, 'b', 'Bia', NULL, 2), (2, 1, 'c', NULL, 'outras palavras', NULL);
CREATE TABLE children (
  id INT AUTO_INCREMENT PRIMARY KEY, parent_id INT, parent_part INT, other VARCHAR(30), up INT, n INT DEFAULT 1,
  CONSTRAINT z_first FOREIGN KEY (parent_id, parent_part) REFERENCES parents (id, part) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT a_second FOREIGN KEY (other) REFERENCES parents (code) ON DELETE SET NULL,
  CONSTRAINT itself FOREIGN KEY (up) REFERENCES children (id), CONSTRAINT positive CHECK (n > 0), CHECK (n <> 13)
) DEFAULT CHARACTER SET utf8mb4;
INSERT INTO children VALUES (1, 1, 1, 'a', NULL, 1), (2, 2, 1, NULL, 1, 2), (7, NULL, NULL, 'c', 2, NULL);
CREATE TABLE circle_a (id INT PRIMARY KEY, b INT);
CREATE TABLE circle_b (id INT PRIMARY KEY, a INT, CONSTRAINT to_a FOREIGN KEY (a) REFERENCES circle_a (id));
ALTER TABLE circle_a ADD CONSTRAINT to_b FOREIGN KEY (b) REFERENCES circle_b (id);
SET foreign_key_checks = 0;
INSERT INTO circle_a VALUES (1, 2);
INSERT INTO circle_b VALUES (2, 1);
SET foreign_key_checks = 1;
CREATE TABLE made (
  a INT, total INT AS (a * 2) STORED, label VARCHAR(40) AS (CONCAT('n', a)) VIRTUAL, b INT NOT NULL, KEY by_total (total), KEY by_label (label)
);
INSERT INTO made (a, b) VALUES (1, 10), (NULL, 20), (-5, 30);
CREATE TABLE ranges (id INT NOT NULL, at DATE NOT NULL, v VARCHAR(20), PRIMARY KEY (id, at)) PARTITION BY RANGE COLUMNS (at)
  (PARTITION p2023 VALUES LESS THAN ('2024-01-01'), PARTITION `p 2024` VALUES LESS THAN ('2025-01-01') COMMENT = 'it''s', PARTITION rest VALUES LESS THAN (MAXVALUE));
INSERT INTO ranges VALUES (1, '2023-05-05', 'x'), (2, '2024-06-06', 'y'), (3, '2030-01-01', 'z'), (4, '2023-12-31', 'w');
CREATE TABLE sub (id INT NOT NULL, k INT NOT NULL) PARTITION BY LIST (k) SUBPARTITION BY HASH (id) SUBPARTITIONS 2
  (PARTITION few VALUES IN (1, 2, 3), PARTITION many VALUES IN (4, 5, NULL));
INSERT INTO sub VALUES (1, 1), (2, 4), (3, 5), (4, 2);
CREATE TABLE hashed (id INT PRIMARY KEY) PARTITION BY KEY () PARTITIONS 3;
INSERT INTO hashed VALUES (1), (2), (3), (4);
CREATE TABLE old_isam (id INT NOT NULL AUTO_INCREMENT, k INT NOT NULL, t TEXT, PRIMARY KEY (k, id), FULLTEXT (t)) ENGINE = MyISAM DEFAULT CHARSET = latin1 CHECKSUM = 1 DELAY_KEY_WRITE = 1;
INSERT INTO old_isam (k, t) VALUES (1, 'é'), (1, 'b'), (2, 'c');
CREATE TABLE isam_2 LIKE old_isam;
INSERT INTO isam_2 (k, t) VALUES (9, 'z');
CREATE TABLE merged (id INT NOT NULL, k INT NOT NULL, t TEXT, KEY (k, id)) ENGINE = MERGE DEFAULT CHARSET = latin1 UNION = (old_isam, isam_2);
DROP TABLE merged;
CREATE TABLE in_memory (id INT PRIMARY KEY, t VARCHAR(20), KEY USING BTREE (t)) ENGINE = MEMORY MAX_ROWS = 100;
INSERT INTO in_memory VALUES (1, 'gone after a restart');
CREATE TABLE packed (id INT PRIMARY KEY, t TEXT) ENGINE = InnoDB ROW_FORMAT = COMPRESSED KEY_BLOCK_SIZE = 8 STATS_PERSISTENT = 1 STATS_SAMPLE_PAGES = 40;
INSERT INTO packed VALUES (1, REPEAT('abc', 3000));
CREATE TABLE `Odd "names" of ``things``; -- yes` (`a b` INT PRIMARY KEY, `sel``ect` INT, `"q"` VARCHAR(10), `ação` INT, `--` INT, KEY `in dex` (`sel``ect`));
INSERT INTO `Odd "names" of ``things``; -- yes` VALUES (1, 2, 'three', 4, 5);
CREATE TABLE `select` (`table` INT PRIMARY KEY, `from` INT, `where` INT);
INSERT INTO `select` VALUES (1, 2, 3);
CREATE TABLE `日本` (`名` VARCHAR(10) CHARACTER SET utf8mb4 PRIMARY KEY);
INSERT INTO `日本` VALUES ('語');
