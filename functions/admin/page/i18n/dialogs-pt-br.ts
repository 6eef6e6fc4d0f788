import type { Messages } from './messages.ts';
import { pluralizer } from './plural.ts';

const plural = pluralizer('pt-BR', ['one', 'many', 'other']);

export const dialogsPtBR: Pick<Messages, 'restore' | 'remove' | 'prune'> = {
  restore: {
    title: 'Restaurar backup',
    from: 'Backup de',
    warning: 'ATENÇÃO: todos os dados atuais serão substituídos!',
    warningDetail: (database) =>
      `Tudo em ${database} volta a ser como era neste backup. Se algo falhar, nada muda.`,
    safety: 'Criar antes um backup de segurança',
    safetyHelp: 'Assim você pode voltar aos dados atuais.',
    noSafety: 'Sem ele, os dados atuais se perdem para sempre.',
    confirm: ['Digite ', ' para confirmar'],
    submit: 'Restaurar',
  },
  remove: {
    title: 'Excluir backup',
    question: 'Excluir este backup para sempre?',
    final: 'Isso não pode ser desfeito.',
    refused: 'Este é o backup inteiro mais recente, por isso é mantido.',
    refusedDetail: (database) =>
      `Sem ele, os dados mais recentes de ${database} não podem mais ser restaurados. Crie antes um novo backup; depois este pode ser excluído.`,
    submit: 'Excluir',
    force: 'Excluir mesmo assim',
  },
  prune: {
    title: (database) => `Remover backups antigos de ${database}`,
    intro: 'Veja primeiro o que seria removido. O backup inteiro mais recente sempre fica.',
    policy: 'O que remover',
    days: ['Com mais de', 'dias'],
    keepLast: ['Todos, menos os últimos', 'backups'],
    numberOfDays: 'Número de dias',
    numberOfBackups: 'Número de backups',
    preview: 'Pré-visualizar',
    summary: (keep, remove, size) =>
      `${plural(keep, '# fica', '# ficam', '# ficam')}, ${plural(remove, '# sai', '# saem', '# saem')} e ${size} ficam livres.`,
    nothing: 'Nada a remover: todos os backups ficam.',
    replaced: (names) =>
      `Guardados por restaurações anteriores, também serão excluídos: ${names.join(', ')}.`,
    action: { keep: 'Fica', remove: 'Sai' },
    decision: 'Decisão',
    reason: 'Motivo',
    reasons: {
      'the newest whole backup is never removed': 'o backup inteiro mais recente nunca é removido',
      '# days old, not older than #': '# dias, não tem mais de #',
      '# days old, older than #': '# dias, tem mais de #',
      'number # of the newest #': 'é o nº # dos # mais recentes',
      'number #, beyond the newest #': 'é o nº #, além dos # mais recentes',
    },
    submit: (n) => plural(n, 'Remover # backup', 'Remover # de backups', 'Remover # backups'),
    done: (n, size) =>
      `${plural(n, '# backup removido', '# de backups removidos', '# backups removidos')}, ${size} livres de novo.`,
  },
};
