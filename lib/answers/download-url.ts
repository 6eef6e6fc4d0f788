import { z } from 'zod';
import { DOWNLOAD_FORMS } from '../requests/download.ts';

export const downloadUrl = z.strictObject({
  url: z.string(),
  fileName: z.string(),
  form: z.enum(DOWNLOAD_FORMS).describe('The form that the URL gives.'),
  expiresAt: z.iso.datetime(),
  size: z.int().nonnegative().describe('Bytes transferred.'),
});
export type DownloadUrl = z.infer<typeof downloadUrl>;
