import { useEffect } from 'preact/hooks';
import { api } from '../api.ts';
import { toFault } from '../fault.ts';
import { useNotices } from '../state/notices.tsx';
import { useDownload } from './use-download.ts';

/** A mail leads to `#download=ID`: the download begins as if its button had been pressed. */
export function useLinkedDownload(): void {
  const { start } = useDownload();
  const { warn } = useNotices();
  useEffect(() => {
    const id = /^#download=(.+)/.exec(location.hash)?.[1];
    if (!id) return;
    history.replaceState(null, '', location.pathname);
    api.backup(id).then(
      (backup) => start(backup, 'plain'),
      (error) => warn('', toFault(error)),
    );
  }, []);
}
