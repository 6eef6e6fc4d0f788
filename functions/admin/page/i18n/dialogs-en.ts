import type { Messages } from './messages.ts';
import { pluralizer } from './plural.ts';

const plural = pluralizer('en', ['one', 'other']);

export const dialogsEn: Pick<Messages, 'restore' | 'remove' | 'prune'> = {
  restore: {
    title: 'Restore backup',
    from: 'Backup of',
    warning: 'ATTENTION: all current data will be replaced!',
    warningDetail: (database) =>
      `Everything in ${database} becomes what it was in this backup. If anything fails, nothing changes.`,
    safety: 'Take a safety backup first',
    safetyHelp: 'So that you can come back to the present data.',
    noSafety: 'Without it, the present data is lost for good.',
    confirm: ['Type ', ' to confirm'],
    submit: 'Restore',
  },
  remove: {
    title: 'Delete backup',
    question: 'Delete this backup for good?',
    final: 'This cannot be undone.',
    refused: 'This is the newest whole backup, so it is kept.',
    refusedDetail: (database) =>
      `Without it, the newest data of ${database} can no longer be restored. Make a new backup first, then this one can go.`,
    submit: 'Delete',
    force: 'Delete anyway',
  },
  prune: {
    title: (database) => `Remove old backups of ${database}`,
    intro: 'First see what would go. The newest whole backup always stays.',
    policy: 'What to remove',
    days: ['Older than', 'days'],
    keepLast: ['All but the last', 'backups'],
    numberOfDays: 'Number of days',
    numberOfBackups: 'Number of backups',
    preview: 'Preview',
    summary: (keep, remove, size) =>
      `${plural(keep, '# stays', '# stay')}, ${plural(remove, '# goes', '# go')} and ${size} becomes free.`,
    nothing: 'Nothing to remove: all backups stay.',
    replaced: (names) => `Kept by earlier restores, also to be dropped: ${names.join(', ')}.`,
    action: { keep: 'Stays', remove: 'Goes' },
    decision: 'Decision',
    reason: 'Reason',
    reasons: {},
    submit: (n) => plural(n, 'Remove # backup', 'Remove # backups'),
    done: (n, size) => `${plural(n, '# backup removed', '# backups removed')}, ${size} is free again.`,
  },
};
