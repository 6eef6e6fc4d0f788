-- Views on views, triggers in an order, routines and events, each with settings of its own.
SET sql_mode = '', time_zone = '+00:00';
CREATE VIEW z_base AS SELECT id, part, code FROM parents WHERE id > 0;
CREATE VIEW a_on_z AS SELECT z_base.code AS z_base, c.id AS child FROM z_base LEFT JOIN children c ON c.other = z_base.code;
CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW checked AS SELECT id, part, code, name FROM parents WHERE id < 100 WITH CASCADED CHECK OPTION;
CREATE ALGORITHM = TEMPTABLE VIEW counted (n, `o que`) AS SELECT COUNT(*), 'it''s \\ "ação"' FROM a_on_z;
CREATE VIEW `odd ``view```  AS SELECT `a b` AS `x y`, `sel``ect` FROM `Odd "names" of ``things``; -- yes`;
DELIMITER ;;
CREATE FUNCTION doubled (n INT) RETURNS INT DETERMINISTIC COMMENT 'it''s twice' RETURN n * 2;;
CREATE FUNCTION greeting (name VARCHAR(50) CHARACTER SET utf8mb4) RETURNS VARCHAR(100) CHARACTER SET utf8mb4 NO SQL DETERMINISTIC
BEGIN
  DECLARE text VARCHAR(100) CHARACTER SET utf8mb4 DEFAULT 'Olá, ';
  IF name = ';;' THEN RETURN 'a -- b'; END IF;
  RETURN CONCAT(text, name, ' it''s "here" \\');
END;;
CREATE PROCEDURE `odd procedure` (IN a INT, INOUT b TEXT, OUT `c d` DECIMAL(10, 2)) READS SQL DATA SQL SECURITY INVOKER
BEGIN
  SELECT COUNT(*) INTO b FROM parents;
  SET `c d` = 1.5;
END;;
CREATE TRIGGER z_stamp BEFORE INSERT ON made FOR EACH ROW SET NEW.b = NEW.b + 1;;
CREATE TRIGGER a_stamp BEFORE INSERT ON made FOR EACH ROW FOLLOWS z_stamp BEGIN SET NEW.b = NEW.b * 2; END;;
CREATE TRIGGER m_stamp BEFORE INSERT ON made FOR EACH ROW PRECEDES a_stamp SET NEW.b = NEW.b + 10;;
CREATE TRIGGER `odd trigger` AFTER UPDATE ON parents FOR EACH ROW
BEGIN
  IF NEW.name = ';;' THEN DELETE FROM children WHERE id = OLD.id; END IF;
END;;
CREATE TRIGGER refuse AFTER DELETE ON `Odd "names" of ``things``; -- yes` FOR EACH ROW INSERT INTO no_key VALUES (OLD.`a b`, 'ação');;
CREATE EVENT yearly ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' ENDS '2037-12-31 00:00:00' ON COMPLETION PRESERVE DO DELETE FROM no_key;;
CREATE EVENT `odd event` ON SCHEDULE AT '2037-06-06 06:06:06' ON COMPLETION NOT PRESERVE DISABLE COMMENT 'it''s \\' DO
BEGIN
  INSERT INTO no_key VALUES (1, 'x; y');
END;;
DELIMITER ;
SET time_zone = '+05:30';
CREATE EVENT elsewhere ON SCHEDULE EVERY '1:30' HOUR_MINUTE STARTS '2037-01-01 00:00:00' DO SELECT 1;
SET time_zone = '+00:00', sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES';
DELIMITER ;;
CREATE FUNCTION ansi () RETURNS VARCHAR(100) CHARSET utf8mb4 NO SQL DETERMINISTIC RETURN 'a\' || 'b' || "doubled"(1);;
CREATE TRIGGER ansi_trigger BEFORE INSERT ON "select" FOR EACH ROW SET NEW."from" = 1, NEW."where" = 2;;
DELIMITER ;
SET sql_mode = '';
CREATE VIEW with_function AS SELECT doubled(id) AS twice, greeting(code) AS hello FROM parents;
SET NAMES latin1;
CREATE VIEW in_latin1 AS SELECT 'x' AS plain;
CREATE FUNCTION latin_function () RETURNS VARCHAR(10) CHARSET latin1 NO SQL DETERMINISTIC RETURN 'caf�';
SET NAMES utf8mb4;
