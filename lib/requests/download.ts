import { z } from 'zod';

/** `plain`: whoever gets it unpacks while saving; `stored`: the object as it is. */
export const DOWNLOAD_FORMS = ['plain', 'stored'] as const;

export const download = z.strictObject({
  form: z
    .enum(DOWNLOAD_FORMS)
    .default('plain')
    .describe(
      '`plain`: the browser unpacks while saving (it must accept zstd or gzip); `stored`: the compressed object as it is.',
    ),
});
