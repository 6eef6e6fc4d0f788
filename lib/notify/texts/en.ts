import type { Texts } from './shape.ts';

export const en: Texts = {
  labels: {
    database: 'Database',
    engine: 'Engine',
    started: 'Started',
    finished: 'Finished',
    size: 'Size',
    unpacked: 'Unpacked',
    rows: 'Rows',
    file: 'File',
    askedBy: 'Asked for by',
    reason: 'Reason',
    hint: 'What to do',
    code: 'Code',
    lastGood: 'Last good backup',
  },
  succeeded: {
    subject: (database, when) => `Backup of ${database} succeeded (${when})`,
    title: (database) => `Backup of ${database} succeeded`,
    summary: 'The backup is whole: it was checked before it was listed.',
    warnings: 'Warnings:',
    attached: 'The backup is attached. It is also here (sign in first):',
    tooLarge: (limit) =>
      `The backup is larger than ${limit} and therefore not attached. Get it here (sign in first):`,
    link: 'Download the backup',
    restore: 'To restore it with Cofre:',
    byHand: 'To check and unpack the file without Cofre:',
  },
  failed: {
    subject: (database) => `Backup of ${database} FAILED`,
    title: (database) => `The backup of ${database} failed`,
    summary: 'The run did not finish as asked. Please see to it.',
    lastGoodKept: 'The last good backup stays for as long as there is no newer one.',
    none: 'none',
    noneAtAll: (database) => `There is no whole backup of ${database} at all.`,
  },
};
