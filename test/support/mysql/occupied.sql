-- What is in the way of a restore: names of the sample "every-kind", used for something else.
CREATE TABLE a_on_z (id INT PRIMARY KEY);
INSERT INTO a_on_z VALUES (1);
CREATE VIEW parents AS SELECT id FROM a_on_z;
CREATE VIEW integers AS SELECT * FROM parents;
CREATE TABLE children (other INT PRIMARY KEY, CONSTRAINT a_second FOREIGN KEY (other) REFERENCES a_on_z (id));
CREATE TABLE made (x INT);
CREATE TABLE only_here (id INT PRIMARY KEY, t TEXT);
INSERT INTO only_here VALUES (1, 'gone afterwards');
DELIMITER ;;
CREATE PROCEDURE doubled () SELECT 1;;
CREATE FUNCTION `odd procedure` () RETURNS INT DETERMINISTIC RETURN 1;;
CREATE TRIGGER z_stamp AFTER INSERT ON made FOR EACH ROW DELETE FROM only_here;;
CREATE TRIGGER only_here BEFORE DELETE ON only_here FOR EACH ROW SET @gone = 1;;
CREATE EVENT yearly ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 00:00:00' DO SELECT 1;;
CREATE EVENT only_here ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 00:00:00' DO SELECT 1;;
DELIMITER ;
