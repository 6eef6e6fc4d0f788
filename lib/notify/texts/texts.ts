import type { MailConfig } from '../../config.ts';
import { en } from './en.ts';
import { ptBR } from './pt-br.ts';
import type { Texts } from './shape.ts';

export type Language = MailConfig['language'];

/** Every text of the mails, in each language. */
export const texts: Readonly<Record<Language, Texts>> = { en, 'pt-BR': ptBR };
