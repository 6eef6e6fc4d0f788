/** A small database with every kind of object; `letter` tells two of them apart, and is in each object's text. */
export function little(letter: string, rows = 3): string {
  const values = Array.from({ length: rows }, (_, n) => `(${n + 1}, '${letter}${n}')`).join(', ');
  return `
    CREATE TABLE parents (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50), KEY name (name));
    CREATE TABLE children (id INT PRIMARY KEY, parent INT, CONSTRAINT child_of FOREIGN KEY (parent) REFERENCES parents (id), CONSTRAINT positive CHECK (id > 0));
    CREATE TABLE log (n INT, message VARCHAR(50));
    CREATE TABLE only_${letter} (id INT PRIMARY KEY);
    INSERT INTO parents VALUES ${values};
    INSERT INTO children VALUES (1, 1), (2, 2);
    CREATE FUNCTION twice (n INT) RETURNS INT DETERMINISTIC RETURN n * 2 + LENGTH('${letter}');
    CREATE PROCEDURE say () SELECT '${letter}';
    CREATE PROCEDURE same () SELECT 1;
    CREATE VIEW seen AS SELECT id, name, '${letter}' AS letter FROM parents;
    CREATE VIEW seen_twice AS SELECT twice(id) AS id FROM seen;
    CREATE TRIGGER named BEFORE INSERT ON parents FOR EACH ROW SET NEW.name = CONCAT(NEW.name, '${letter}');
    CREATE TRIGGER logged AFTER INSERT ON parents FOR EACH ROW INSERT INTO log VALUES (NEW.id, '${letter}');
    CREATE EVENT daily ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' COMMENT '${letter}' DO DELETE FROM log;
    CREATE EVENT never ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DISABLE DO SET @a = '${letter}';
  `;
}
