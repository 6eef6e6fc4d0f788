/** Every sample's accounts hold this together, whoever moves money between them. */
export const TOTAL = 500_000;
const ACCOUNTS = 500;

/** Rows to join with: `numbers.n` from 0 to 999. */
const NUMBERS = `
  CREATE TABLE digits (d INT PRIMARY KEY); INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
  CREATE TABLE numbers (n INT PRIMARY KEY); INSERT INTO numbers SELECT a.d + 10 * b.d + 100 * c.d FROM digits a, digits b, digits c;`;

/** The sample of the contract: about 6 MB in many kinds of objects. */
export const SAMPLE = `${NUMBERS}
  CREATE TABLE accounts (id INT NOT NULL PRIMARY KEY, owner VARCHAR(50) NOT NULL UNIQUE, balance BIGINT NOT NULL);
  CREATE TABLE transfers (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, payer INT, payee INT, amount INT,
    CONSTRAINT paid_by FOREIGN KEY (payer) REFERENCES accounts (id), CONSTRAINT paid_to FOREIGN KEY (payee) REFERENCES accounts (id));
  CREATE TABLE notes (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, title VARCHAR(100), body BLOB, mood ENUM('calm', 'cross') DEFAULT 'calm',
    size INT AS (LENGTH(body)) STORED, KEY by_title (title, size));
  CREATE TABLE \`Odd Names\` (\`a "quoted" column\` VARCHAR(40), \`select\` DOUBLE, PRIMARY KEY (\`a "quoted" column\`, \`select\`));
  CREATE TABLE nothing_yet (at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
  CREATE VIEW rich AS SELECT owner FROM accounts WHERE balance > 1000;
  CREATE FUNCTION doubled (n INT) RETURNS INT DETERMINISTIC RETURN 2 * n;
  CREATE VIEW twice AS SELECT doubled(balance) AS balance FROM accounts;
  CREATE TRIGGER noted AFTER DELETE ON notes FOR EACH ROW DELETE FROM \`Odd Names\` WHERE \`select\` < 0;
  CREATE EVENT yearly ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01 00:00:00' DO DELETE FROM nothing_yet;
  INSERT INTO accounts SELECT n + 1, CONCAT('owner ', n), ${TOTAL / ACCOUNTS} FROM numbers WHERE n < ${ACCOUNTS};
  INSERT INTO notes (title, body, mood) SELECT CONCAT('Título\\t', a.n, ' ', b.d), UNHEX(REPEAT(LEFT(SHA2(a.n * 10 + b.d, 256), 32), 30 + a.n % 150)), IF(a.n % 2, 'calm', 'cross')
    FROM numbers a JOIN digits b WHERE b.d < 3 ORDER BY b.d, a.n;
  INSERT INTO \`Odd Names\` SELECT CONCAT('pair ', n), n / 7e0 FROM numbers WHERE n < 300;
  DROP TABLE digits, numbers;`;

/** Other data, other objects, and some of the sample's names. */
export const OTHER = `${NUMBERS}
  CREATE TABLE accounts (number VARCHAR(20), note TEXT);
  CREATE TABLE only_here (x INT, KEY by_x (x));
  CREATE VIEW rich AS SELECT x FROM only_here;
  CREATE VIEW only_seen_here AS SELECT x FROM rich;
  CREATE PROCEDURE doubled () SELECT 2;
  CREATE TRIGGER only_done_here AFTER INSERT ON only_here FOR EACH ROW SET @done = 1;
  CREATE EVENT only_run_here ON SCHEDULE EVERY 1 YEAR STARTS '2036-01-01 00:00:00' DO SELECT 1;
  INSERT INTO only_here SELECT a.n + 1000 * b.d FROM numbers a JOIN digits b WHERE b.d < 3;
  INSERT INTO accounts SELECT x, REPEAT(SHA2(x, 256), 12) FROM only_here;
  DROP TABLE digits, numbers;`;

/**
 * Without what MySQL cannot make in one statement with all the rest: a client that is killed between the two leaves it
 * to the next run, which tests of their own look at.
 */
export function inOneStatement(script: string): string {
  return script.replaceAll(/^ *CREATE (?:TRIGGER|FUNCTION|PROCEDURE|VIEW twice) .*\n/gm, '');
}
