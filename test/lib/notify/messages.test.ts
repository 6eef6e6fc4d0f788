import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../lib/archive/manifest.ts';
import type { Backup } from '../../../lib/catalog.ts';
import { engineNamed } from '../../../lib/engines/registry.ts';
import { CofreError } from '../../../lib/errors.ts';
import { formatsFor } from '../../../lib/notify/format.ts';
import { backupFailed, backupSucceeded } from '../../../lib/notify/messages.ts';
import { escapeHtml, render } from '../../../lib/notify/render.ts';
import { LINK, manifestOf, STARTED } from './sample.ts';

const manifest = manifestOf(Buffer.alloc(7_340_032), 734_003_200, 'zstd');
const id = 'shop-20261123-185853';

function backupOf(changes: Partial<Manifest> = {}): Backup {
  const changed = { ...manifest, ...changes };
  const [key, manifestKey] = [`shop/${changed.archive.file}`, 'shop/db_backup_20261123_185853.json'];
  return { id, database: 'shop', startedAt: STARTED, trigger: 'manual', key, manifestKey, manifest: changed };
}

const success = { backup: backupOf(), attached: true, attachLimit: 7_000_000, link: LINK, byHand: [] };
const error = new CofreError('SOURCE_DAMAGED', 'A página 7 de <clientes> & "pedidos" está danificada.', {
  hint: 'Restaure o último backup íntegro.',
});

describe('a backup succeeded', () => {
  test('in English', () => {
    const { subject, text } = backupSucceeded('en', success);
    expect(subject).toBe('Backup of shop succeeded (Nov 23, 2026, 18:58 UTC)');
    expect(text).toContain('Started:      November 23, 2026 at 18:58:53 UTC\n');
    expect(text).toContain('Size:         7.3 MB (7,340,032 bytes)\n');
    expect(text).toContain('Rows:         1,234,567\n');
    expect(text).toContain(`SHA-256:      ${manifest.archive.sha256}\n`);
    expect(text).toContain('The backup is attached.');
  });

  test('in Portuguese', () => {
    const { subject, text } = backupSucceeded('pt-BR', success);
    expect(subject).toBe('Backup de shop concluído com êxito (23 de nov. de 2026, 18:58 UTC)');
    expect(text).toContain('Início:         23 de novembro de 2026 às 18:58:53 UTC\n');
    expect(text).toContain('Tamanho:        7,3 MB (7.340.032 bytes)\n');
    expect(text).toContain('Linhas:         1.234.567\n');
    expect(text).toContain('O backup está em anexo.');
  });

  test.each(['en', 'pt-BR'] as const)('%s: text and HTML say the same', (language) => {
    const { text, html } = backupSucceeded(language, success);
    for (const part of [
      'shop',
      manifest.archive.sha256,
      manifest.archive.file,
      LINK,
      `cofre restore ${id}`,
    ]) {
      expect(text).toContain(part);
      expect(html).toContain(part);
    }
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain(`<a href="${LINK}">`);
  });

  test('too large to attach: the limit and the link', () => {
    const { text } = backupSucceeded('en', { ...success, attached: false });
    expect(text).toContain(`larger than 7 MB (7,000,000 bytes)`);
    expect(text).toContain(LINK);
    expect(text).not.toContain('is attached');
  });

  test('warnings are shown', () => {
    const { text } = backupSucceeded('en', {
      ...success,
      backup: backupOf({ warnings: ['Writers waited 9 s.'] }),
    });
    expect(text).toContain('Warnings:\n\n    Writers waited 9 s.\n');
    expect(backupSucceeded('en', success).text).not.toContain('Warnings');
  });

  test.each([
    [
      'sqlite',
      'zstd',
      ['zstd -d db_backup_20261123_185853.sqlite3.zst', 'sqlite3 db_backup_20261123_185853.sqlite3 '],
    ],
    ['sqlite', 'gzip', ['gunzip --keep db_backup_20261123_185853.sqlite3.gz']],
    ['postgres', 'zstd', ['psql -v ON_ERROR_STOP=1 -d DATABASE -f db_backup_20261123_185853.sqlite3']],
    ['mysql', 'none', ['mysql DATABASE < db_backup_20261123_185853.sqlite3']],
  ] as const)('%s, %s: how to restore it by hand', (name, compression, commands) => {
    const packed = manifestOf(Buffer.of(1), 1, compression);
    const backup = backupOf({ ...packed, engine: { name, version: '1' } });
    const byHand = engineNamed(name).plainFile.byHand(packed.archive.plainName);
    const { text } = backupSucceeded('en', { ...success, backup, byHand });
    expect(text).toContain(`echo '${packed.archive.sha256}  ${packed.archive.file}' | sha256sum -c\n`);
    for (const command of commands) expect(text).toContain(`    ${command}`);
  });
});

describe('a backup failed', () => {
  test('in English: reason, hint, last good backup', () => {
    const { subject, text } = backupFailed('en', { database: 'shop', error, lastGood: backupOf() });
    expect(subject).toBe('Backup of shop FAILED');
    expect(text).toContain(error.message);
    expect(text).toContain(`What to do:       ${error.hint}\n`);
    expect(text).toContain(`Last good backup: November 23, 2026 at 18:58:53 UTC, ${id}\n`);
  });

  test('in Portuguese, without any good backup', () => {
    const { subject, text } = backupFailed('pt-BR', { database: 'shop', error, lastGood: undefined });
    expect(subject).toBe('FALHA: o backup de shop não foi concluído');
    expect(text).toContain('Último backup íntegro: nenhum\n');
    expect(text).toContain('Não há nenhum backup íntegro de shop.');
  });

  test('an error without a hint has no line for it', () => {
    const bare = new CofreError('INTERNAL', 'Something broke.');
    expect(backupFailed('en', { database: 'shop', error: bare, lastGood: undefined }).text).not.toContain(
      'What to do',
    );
  });

  test('an error cannot bring HTML in', () => {
    const { html } = backupFailed('en', { database: 'shop', error, lastGood: undefined });
    expect(html).toContain('A página 7 de &lt;clientes&gt; &amp; &quot;pedidos&quot; está danificada.');
  });
});

test('no text at all brings HTML in', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (label, value) => {
      const blocks = [
        { type: 'facts', facts: [[label, value]] },
        { type: 'lines', lines: [value] },
        { type: 'link', label, url: `https://example.com/${value}` },
      ] as const;
      const { html } = render({ subject: '', title: label, blocks }, 'en');
      const tags = (text: string) => text.match(/[<>"]/g)!.length;
      expect(tags(html)).toBe(tags(render({ subject: '', title: '', blocks: blocksOf('') }, 'en').html));
    }),
  );
});

const blocksOf = (text: string) =>
  [
    { type: 'facts', facts: [[text, text]] },
    { type: 'lines', lines: [text] },
    { type: 'link', label: text, url: `https://example.com/${text}` },
  ] as const;

test('only web addresses become links', () => {
  const blocks = [{ type: 'link', label: 'x', url: 'javascript:alert(1)' }] as const;
  expect(render({ subject: '', title: '', blocks }, 'en').html).not.toContain('href');
});

test('escaping takes nothing away', () => {
  expect(escapeHtml(`<a href="x">'&amp;'</a>`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;',
  );
});

test.each([
  [0, '0 bytes', '0 byte'],
  [1, '1 byte', '1 byte'],
  [999, '999 bytes', '999 bytes'],
  [1_000, '1 kB (1,000 bytes)', '1 kB (1.000 bytes)'],
  [1_500_000, '1.5 MB (1,500,000 bytes)', '1,5 MB (1.500.000 bytes)'],
  [999_999_999, '1,000 MB (999,999,999 bytes)', '1.000 MB (999.999.999 bytes)'],
  [5_000_000_000_000, '5 TB (5,000,000,000,000 bytes)', '5 TB (5.000.000.000.000 bytes)'],
  [5e15, '5,000 TB (5,000,000,000,000,000 bytes)', '5.000 TB (5.000.000.000.000.000 bytes)'],
])('%d bytes', (bytes, english, portuguese) => {
  expect(formatsFor('en').size(bytes)).toBe(english);
  expect(formatsFor('pt-BR').size(bytes).replaceAll('\u00a0', ' ')).toBe(portuguese);
});

test('midnight is 00, and the time is UTC whatever the zone of the machine', () => {
  const midnight = new Date('2026-01-01T00:00:00Z');
  expect(formatsFor('en').time(midnight)).toBe('January 1, 2026 at 00:00:00 UTC');
  expect(formatsFor('pt-BR').shortTime(midnight)).toBe('1 de jan. de 2026, 00:00 UTC');
});
