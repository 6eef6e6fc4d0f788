import { api } from './api.ts';
import type { Backup, DownloadUrl, Form } from './types.ts';

/**
 * Starts a download the way a click on a link does, so that the browser streams it to disk and shows its own
 * progress. `plain` leaves the unpacking to the browser (Content-Encoding); for one that cannot, the server gives the
 * packed file instead and says so in `form`.
 */
export async function download(backup: Backup, form: Form): Promise<DownloadUrl> {
  const target = await api.downloadUrl(backup.id, form);
  const link = document.createElement('a');
  link.href = target.url;
  link.download = target.fileName;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  return target;
}
