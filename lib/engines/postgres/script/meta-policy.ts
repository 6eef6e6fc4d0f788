import { damaged, refused } from '../../sql/script/refusals.ts';
import type { Meta } from './items.ts';

/** All commands of psql 18 (manual, psql, "Meta-Commands") but those of one letter after another for listing. */
const KNOWN =
  /^(?:a|bind(?:_named)?|c|connect|C|cd|close_prepared|conninfo|copy|copyright|crosstabview|d[A-Za-z]*[S+x]*|e|edit|echo|ef|encoding|errverbose|ev|f|g|gdesc|gexec|gset|gx|getenv|getresults|h|help|H|html|i|include|ir|include_relative|if|elif|else|endif|l[+x]*|list[+]?|lo_[a-z]+[+]?|o|out|p|print|parse|password|prompt|pset|q|quit|qecho|r|reset|restrict|unrestrict|s|set|setenv|sf\+?|startpipeline|sendpipeline|sync(?:pipeline)?|endpipeline|flush(?:request)?|sv\+?|t|T|timing|unset|w|write|warn|watch|x|z|!.*|\?|;|:)$/;

/** Follows `\restrict KEY` … `\unrestrict KEY`, between which psql takes no other command. */
export interface Restriction {
  /** @throws {CofreError} `RESTORE_REFUSED`, or `BACKUP_DAMAGED` when it is no command at all */
  take(meta: Meta): void;
  /** The file ends. @throws {CofreError} `BACKUP_DAMAGED` */
  end(): void;
}

export function restriction(): Restriction {
  let key: string | undefined;
  return {
    take: ({ command, argument, line }) => {
      if (command === 'restrict' && key === undefined && argument !== '') key = argument;
      else if (command === 'unrestrict' && key !== undefined && argument === key) key = undefined;
      else if (command === 'restrict' || command === 'unrestrict') {
        throw damaged(`has a \\${command} in line ${line} that matches none before it`);
      } else refuse(command, line);
    },
    end: () => {
      if (key !== undefined) throw damaged('is cut short: its last \\unrestrict is missing');
    },
  };
}

/** Rows that have lost their COPY statement begin with backslashes, too. */
function refuse(command: string, line: number): never {
  if (!KNOWN.test(command)) throw damaged(`has a row of data in line ${line} without its COPY statement`);
  if (/^c(?:onnect)?$/.test(command)) {
    throw refused(
      `Line ${line}: \\${command} would leave the database that is restored.`,
      'Name the database by --to, and dump without --create (-C), or remove this line.',
    );
  }
  throw refused(
    `Line ${line}: the psql command \\${command} is not run by a restore.`,
    'Remove the line, or load the file with psql.',
  );
}
