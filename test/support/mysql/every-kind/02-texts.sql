-- Every type of text, in several character sets, with every byte that each can hold.
SET sql_mode = '';
CREATE TABLE texts (
  id INT PRIMARY KEY, c CHAR(20), cb CHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, v VARCHAR(255), tt TINYTEXT, t TEXT,
  mt MEDIUMTEXT, lt LONGTEXT, e ENUM ('small', 'it''s', 'ação', 'a\\b', '') NOT NULL, s SET ('one', 'two', 'três', 'fo`ur')
) DEFAULT CHARACTER SET utf8mb4;
INSERT INTO texts VALUES
  (1, 'plain', 'trailing  ', 'it''s a "quoted" \\ back\\\\slash', '', 'line\nbreak\r\nand\ttab', 'nul\0byte and \Z', 'ação 日本語 🙂 café', 'it''s', 'one,três'),
  (2, '', '', '', '', '', '', '', '', ''),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'ação', NULL),
  (4, '-- not a comment', '/* nor this */', '''; DROP TABLE texts; --', '\\''', '\\', ';;\nDELIMITER ;;\n', '),\n(5', 'a\\b', 'fo`ur'),
  (5, '%_', '\%\_', '\b\t\n\r\0\Z\'\"\\', REPEAT('x', 255), REPEAT('é', 30000), REPEAT('\\\'', 40000), REPEAT('🙂', 100000), 'small', 'one,two,três,fo`ur');
INSERT INTO texts (id, e) VALUES (6, 'no such'), (7, 5);
CREATE TABLE latins (id INT PRIMARY KEY, c VARCHAR(300) CHARACTER SET latin1, b VARCHAR(300) CHARACTER SET latin1 COLLATE latin1_bin, e ENUM('é', 'ü') CHARACTER SET latin1);
INSERT INTO latins VALUES (1, _latin1 0x202122232425262728292A2B2C2D2E2F5C007F0A0D1A80818283848586878889, _latin1 0x8A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAF, 'é'),
  (2, _latin1 0xB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECF, _latin1 0xD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF, 'ü');
CREATE TABLE charsets (
  id INT PRIMARY KEY, utf8 VARCHAR(50) CHARACTER SET utf8mb3, a VARCHAR(50) CHARACTER SET ascii, u2 VARCHAR(50) CHARACTER SET ucs2,
  u16 VARCHAR(50) CHARACTER SET utf16, u16le VARCHAR(50) CHARACTER SET utf16le, u32 VARCHAR(50) CHARACTER SET utf32, cp VARCHAR(50) CHARACTER SET cp1251,
  koi TEXT CHARACTER SET koi8r, g VARCHAR(50) CHARACTER SET greek, h VARCHAR(50) CHARACTER SET hebrew, sj VARCHAR(50) CHARACTER SET sjis,
  cp932 TEXT CHARACTER SET cp932, euc VARCHAR(50) CHARACTER SET ujis, big VARCHAR(50) CHARACTER SET big5, gb VARCHAR(50) CHARACTER SET gbk,
  l2 VARCHAR(50) CHARACTER SET latin2, l7 CHAR(50) CHARACTER SET latin7, dos VARCHAR(50) CHARACTER SET cp850, mac VARCHAR(50) CHARACTER SET macroman,
  swe VARCHAR(50) CHARACTER SET swe7, e ENUM ('б', 'ж') CHARACTER SET cp1251, st SET ('б', 'ж') CHARACTER SET cp1251
);
INSERT INTO charsets VALUES
  (1, 'ação €', 'plain', 'ação €', 'ação 🙂', 'ação 🙂', 'ação 🙂', 'Привет', 'Привет', 'Γειά', 'שלום', '日本語', 'ソ表', '日本語', '功能', '中文', 'Łódź', 'ąčę', 'ação', 'ação', 'abc', 'ж', 'б,ж'),
  (2, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', 'б', ''),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE bytes (
  id INT PRIMARY KEY, b BINARY(4), v VARBINARY(300), tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB
);
INSERT INTO bytes VALUES
  (1, 0x00FF275C, 0x000A0D1A22275C5F, '', 'text', 0x00, 0xFFFE), (2, '', '', '', '', '', ''), (3, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 0x20, UNHEX(REPEAT('00FF27', 100)), UNHEX(REPEAT('5C', 255)), UNHEX(REPEAT('275C000D0A1A', 10000)), UNHEX(REPEAT('C3A9FF', 100000)), UNHEX(REPEAT('00112233445566778899AABBCCDDEEFF', 70000)));
CREATE TABLE no_key (a INT, b VARCHAR(10));
INSERT INTO no_key VALUES (1, 'twice'), (1, 'twice'), (NULL, NULL);
CREATE TABLE `empty` (a INT PRIMARY KEY);
