-- A helpdesk with :tickets tickets: texts, JSON, times, decimals, indexes, foreign keys. The same every time. MySQL and MariaDB.
SET @@rand_seed1 = 42, @@rand_seed2 = 4242;
CREATE TABLE digits (d INT PRIMARY KEY);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE numbers (n INT PRIMARY KEY);
INSERT INTO numbers SELECT a.d + b.d * 10 + c.d * 100 + e.d * 1000 FROM digits a, digits b, digits c, digits e;
CREATE TABLE phrases (k INT PRIMARY KEY, text VARCHAR(300) NOT NULL);
INSERT INTO phrases SELECT n, CONCAT_WS(' ',
  ELT(1 + n % 10, 'The customer', 'Our team', 'O cliente', 'The new version', 'A nota fiscal', 'The export', 'O relatório', 'Support', 'The invoice', 'The second user'),
  ELT(1 + n DIV 10 % 10, 'cannot open', 'is waiting for', 'não consegue ver', 'asked about', 'has sent', 'precisa de', 'reported', 'lost', 'would like to change', 'found'),
  ELT(1 + n DIV 100 % 10, 'the page of last month', 'a senha do painel', 'an attachment of some 20 MB', 'the order', 'o boleto vencido', 'a duplicate ticket', 'the settings', 'their address', 'os dados da conta', 'an error message'),
  ELT(1 + n DIV 1000 % 10, 'since yesterday.', 'again and again.', 'depois da atualização.', 'on the phone.', 'in Safari only.', 'e pede retorno.', 'without any message.', 'as agreed.', 'twice this week.', 'no sistema antigo.')) FROM numbers;

CREATE TABLE users (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL, email VARCHAR(190) NOT NULL UNIQUE,
  role ENUM('customer', 'agent', 'admin') NOT NULL, settings JSON NOT NULL, created_at DATETIME NOT NULL);
CREATE TABLE tickets (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, requester_id BIGINT UNSIGNED NOT NULL, assignee_id BIGINT UNSIGNED,
  subject VARCHAR(300) NOT NULL, status VARCHAR(20) NOT NULL, priority TINYINT NOT NULL, quote DECIMAL(12, 2), tags VARCHAR(200) NOT NULL, custom JSON NOT NULL,
  created_at DATETIME NOT NULL, closed_at DATETIME,
  KEY status (status, priority), KEY requester (requester_id), KEY assignee (assignee_id),
  CONSTRAINT ticket_requester FOREIGN KEY (requester_id) REFERENCES users (id), CONSTRAINT ticket_assignee FOREIGN KEY (assignee_id) REFERENCES users (id));
CREATE TABLE comments (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, ticket_id BIGINT UNSIGNED NOT NULL, author_id BIGINT UNSIGNED NOT NULL,
  body TEXT NOT NULL, internal BOOLEAN NOT NULL, created_at DATETIME(3) NOT NULL,
  KEY ticket (ticket_id, created_at), KEY author (author_id),
  CONSTRAINT comment_ticket FOREIGN KEY (ticket_id) REFERENCES tickets (id), CONSTRAINT comment_author FOREIGN KEY (author_id) REFERENCES users (id));
CREATE TABLE events (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, ticket_id BIGINT UNSIGNED NOT NULL, kind VARCHAR(20) NOT NULL,
  payload JSON NOT NULL, cost DECIMAL(18, 6) NOT NULL, at TIMESTAMP(6) NOT NULL,
  KEY ticket (ticket_id), KEY at (at), CONSTRAINT event_ticket FOREIGN KEY (ticket_id) REFERENCES tickets (id));

SET @users = GREATEST(:tickets DIV 24, 100), foreign_key_checks = 0, unique_checks = 0;
INSERT INTO users SELECT n, CONCAT('User ', n), CONCAT('user', n, '@example.com'), IF(n % 50 = 0, 'agent', 'customer'),
  JSON_OBJECT('lang', ELT(1 + n % 2, 'en', 'pt-BR'), 'tz', 'America/Sao_Paulo', 'seen', n % 97, 'mail', n % 3 = 0), '2024-01-01 08:00' + INTERVAL n * 37 MINUTE
FROM (SELECT 1 + a.n * 10000 + b.n AS n FROM numbers a JOIN numbers b WHERE a.n <= @users DIV 10000) s WHERE n <= @users;
INSERT INTO tickets SELECT n, 1 + n * 7919 % @users, IF(n % 5 > 0, 1 + n * 31 % 100, NULL), p.text,
  ELT(1 + n % 4, 'open', 'pending', 'solved', 'closed'), n % 5, ROUND(RAND() * 10000, 2), CONCAT('tag', n % 40, ',area', n % 7),
  JSON_OBJECT('channel', ELT(1 + n % 3, 'mail', 'web', 'phone'), 'sla', n % 48, 'ref', LEFT(SHA2(n, 256), 32), 'score', ROUND(RAND() * 1e0, 4)),
  '2024-02-01 08:00' + INTERVAL n * 97 SECOND, IF(n % 4 = 3, '2024-02-03 08:00' + INTERVAL n * 97 SECOND, NULL)
FROM (SELECT 1 + a.n * 10000 + b.n AS n FROM numbers a JOIN numbers b WHERE a.n <= :tickets DIV 10000) s JOIN phrases p ON p.k = n * 7919 % 10000 WHERE n <= :tickets ORDER BY n;
INSERT INTO comments SELECT n, 1 + n % :tickets, 1 + n * 104729 % @users, CONCAT(a.text, ' ', b.text, ' ', c.text, '\n', LEFT(SHA2(n, 256), 32)), n % 6 = 0,
  '2024-02-01 09:00' + INTERVAL n * 23.7 SECOND
FROM (SELECT 1 + a.n * 10000 + b.n AS n FROM numbers a JOIN numbers b WHERE a.n <= :tickets * 4 DIV 10000) s
JOIN phrases a ON a.k = n * 7919 % 10000 JOIN phrases b ON b.k = (n * 104729 + 11) % 10000 JOIN phrases c ON c.k = (n * 1299709 + 7) % 10000 WHERE n <= :tickets * 4 ORDER BY n;
INSERT INTO events SELECT n, 1 + n % :tickets, ELT(1 + n % 5, 'created', 'assigned', 'mailed', 'closed', 'merged'),
  JSON_OBJECT('by', n % 1000, 'from', ELT(1 + n % 2, 'open', 'pending'), 'request', LEFT(SHA2(n * 3, 256), 32), 'ms', ROUND(RAND() * 900e0, 3)), ROUND(RAND() * 100, 6),
  '2024-02-01 09:00' + INTERVAL n * 31.123456 SECOND
FROM (SELECT 1 + a.n * 10000 + b.n AS n FROM numbers a JOIN numbers b WHERE a.n <= :tickets * 3 DIV 10000) s WHERE n <= :tickets * 3 ORDER BY n;
CREATE VIEW open_tickets AS SELECT t.id, t.subject, u.name FROM tickets t JOIN users u ON u.id = t.requester_id WHERE t.status = 'open';
DROP TABLE numbers, digits;
ANALYZE TABLE users, tickets, comments, events;
