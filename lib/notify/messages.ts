import type { Manifest } from '../archive/manifest.ts';
import type { Backup } from '../catalog.ts';
import type { CofreError } from '../errors.ts';
import { type Formats, formatsFor } from './format.ts';
import { type Block, type Message, render } from './render.ts';
import type { Texts } from './texts/shape.ts';
import { type Language, texts } from './texts/texts.ts';

export interface Success {
  readonly backup: Backup;
  readonly attached: boolean;
  /** Bytes above which a backup is not attached. */
  readonly attachLimit: number;
  /** Where to download the backup, after signing in. */
  readonly link: string;
  /** What somebody does with the plain file who has nothing else. */
  readonly byHand: readonly string[];
}

export interface Failure {
  readonly database: string;
  readonly error: CofreError;
  readonly lastGood: Backup | undefined;
}

export function backupSucceeded(language: Language, success: Success): Message {
  const [words, formats] = [texts[language], formatsFor(language)];
  const { backup, attached, attachLimit, link } = success;
  const { succeeded } = words;
  const blocks: Block[] = [
    { type: 'text', text: succeeded.summary },
    { type: 'facts', facts: backupFacts(words, formats, backup) },
    ...warnings(words, backup.manifest),
    { type: 'text', text: attached ? succeeded.attached : succeeded.tooLarge(formats.size(attachLimit)) },
    { type: 'link', label: succeeded.link, url: link },
    { type: 'text', text: succeeded.restore },
    { type: 'lines', lines: [`cofre restore ${backup.id}`] },
    { type: 'text', text: succeeded.byHand },
    { type: 'lines', lines: [...unpacking(backup.manifest), ...success.byHand] },
  ];
  const subject = succeeded.subject(backup.database, formats.shortTime(backup.startedAt));
  return render({ subject, title: succeeded.title(backup.database), blocks }, language);
}

export function backupFailed(language: Language, { database, error, lastGood }: Failure): Message {
  const { labels, failed } = texts[language];
  const formats = formatsFor(language);
  const facts: Array<[string, string]> = [
    [labels.database, database],
    [labels.reason, error.message],
    ...(error.hint === undefined ? [] : [[labels.hint, error.hint] as [string, string]]),
    [labels.code, error.code],
    [labels.lastGood, lastGood ? `${formats.time(lastGood.startedAt)}, ${lastGood.id}` : failed.none],
  ];
  const blocks: Block[] = [
    { type: 'text', text: failed.summary },
    { type: 'facts', facts },
    { type: 'text', text: lastGood ? failed.lastGoodKept : failed.noneAtAll(database) },
  ];
  return render({ subject: failed.subject(database), title: failed.title(database), blocks }, language);
}

function backupFacts({ labels }: Texts, formats: Formats, backup: Backup): Array<[string, string]> {
  const { manifest, startedAt } = backup;
  const { archive, engine } = manifest;
  return [
    [labels.database, backup.database],
    [labels.engine, `${engine.name} ${engine.version}`],
    [labels.started, formats.time(startedAt)],
    [labels.finished, formats.time(new Date(manifest.finishedAt))],
    [labels.size, formats.size(archive.size)],
    [labels.unpacked, formats.size(archive.rawSize)],
    [labels.rows, formats.count(manifest.rows)],
    [labels.file, archive.file],
    ['SHA-256', archive.sha256],
    [labels.askedBy, `${manifest.actor} (${manifest.trigger})`],
  ];
}

function warnings({ succeeded }: Texts, manifest: Manifest): Block[] {
  if (manifest.warnings.length === 0) return [];
  return [
    { type: 'text', text: succeeded.warnings },
    { type: 'lines', lines: manifest.warnings },
  ];
}

/** From the file as it is stored to the plain one, with standard tools. */
function unpacking({ archive }: Manifest): string[] {
  const { file, compression, sha256 } = archive;
  const unpack = { zstd: [`zstd -d ${file}`], gzip: [`gunzip --keep ${file}`], none: [] }[compression];
  return [`echo '${sha256}  ${file}' | sha256sum -c`, ...unpack];
}
