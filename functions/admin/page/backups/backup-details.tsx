import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.ts';
import { actorName } from '../i18n/actor.ts';
import { useLanguage } from '../i18n/context.tsx';
import { utc } from '../i18n/formats.ts';
import { Button } from '../parts/button.tsx';
import { Fact } from '../parts/fact.tsx';
import { FaultAlert } from '../parts/fault-box.tsx';
import { DownloadIcon } from '../parts/icons.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { useAction } from '../parts/use-action.ts';
import { useCofre } from '../state/context.tsx';
import type { Backup, BackupDetail } from '../types.ts';
import { useDownload } from './use-download.ts';

/** What a row has no room for: provenance, checksum, tables, and the file in both forms. */
export function BackupDetails({ backup }: { backup: Backup }) {
  const [detail, setDetail] = useState<BackupDetail | null>(null);
  const reading = useAction();
  const { isAdmin } = useCofre();
  // Read once; a backup never changes.
  useEffect(() => {
    void reading.run(async () => setDetail(await api.backup(backup.id)));
  }, [backup.id]);
  return (
    <div class="details">
      <div class="details-columns">
        <Facts backup={backup} toolVersion={detail?.toolVersion} />
        {detail && <Tables detail={detail} />}
      </div>
      <FaultAlert fault={reading.fault} />
      {isAdmin && <Downloads backup={backup} />}
    </div>
  );
}

function Facts({ backup, toolVersion }: { backup: Backup; toolVersion: string | undefined }) {
  const { t, f } = useLanguage();
  const names = t.backups.facts;
  const packed = backup.compression === 'none' ? t.backups.uncompressed : backup.compression;
  return (
    <dl class="facts">
      <Fact name={names.taken} width="long">
        {f.exactDate(backup.startedAt)} <small>{utc(backup.startedAt)}</small>
      </Fact>
      <Fact name={names.duration}>{f.duration(backup.seconds)}</Fact>
      <Fact name={names.actor}>{actorName(backup.actor, t)}</Fact>
      <Fact name={names.compression}>{packed}</Fact>
      <Fact name={names.stored}>{f.size(backup.size)}</Fact>
      <Fact name={names.unpacked}>{f.size(backup.rawSize)}</Fact>
      <Fact name={names.engine}>{`${backup.engine} ${backup.engineVersion}`}</Fact>
      <Fact name={names.tool}>{toolVersion ?? '…'}</Fact>
      <Fact name={names.file} width="full">
        <code>{backup.key}</code>
      </Fact>
      <Fact name={names.checksum} width="full">
        <code>{backup.sha256}</code>
      </Fact>
    </dl>
  );
}

function Tables({ detail: { tables } }: { detail: BackupDetail }) {
  const { t } = useLanguage();
  return (
    <Scroll label={t.backups.facts.tables}>
      <table class="small">
        <caption>{t.count.tables(tables.length)}</caption>
        <tbody>
          {tables.map(({ name, rows }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="figure">{t.count.rows(rows)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Downloads({ backup }: { backup: Backup }) {
  const { t, f } = useLanguage();
  const download = useDownload();
  return (
    <ul class="downloads">
      <li>
        <Button busy={download.busy} onClick={() => download.start(backup, 'plain')}>
          <DownloadIcon />
          {t.backups.downloadPlain(f.size(backup.rawSize))}
        </Button>
        <span>
          <code>{backup.plainName}</code> <small>{t.backups.plainHelp}</small>
        </span>
      </li>
      {backup.compression !== 'none' && (
        <li>
          <Button busy={download.busy} onClick={() => download.start(backup, 'stored')}>
            <DownloadIcon />
            {t.backups.downloadPacked(f.size(backup.size))}
          </Button>
          <span>
            <code>{backup.fileName}</code> <small>{t.backups.packedHelp}</small>
          </span>
        </li>
      )}
    </ul>
  );
}
