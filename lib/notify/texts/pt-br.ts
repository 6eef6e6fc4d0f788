import type { Texts } from './shape.ts';

export const ptBR: Texts = {
  labels: {
    database: 'Banco de dados',
    engine: 'Sistema',
    started: 'Início',
    finished: 'Término',
    size: 'Tamanho',
    unpacked: 'Descompactado',
    rows: 'Linhas',
    file: 'Arquivo',
    askedBy: 'Solicitado por',
    reason: 'Motivo',
    hint: 'O que fazer',
    code: 'Código',
    lastGood: 'Último backup íntegro',
  },
  succeeded: {
    subject: (database, when) => `Backup de ${database} concluído com êxito (${when})`,
    title: (database) => `Backup de ${database} concluído com êxito`,
    summary: 'O backup está íntegro: foi conferido antes de entrar na lista.',
    warnings: 'Avisos:',
    attached: 'O backup está em anexo. Também está aqui (é preciso entrar na conta):',
    tooLarge: (limit) =>
      `O backup passa de ${limit} e por isso não está em anexo. Baixe-o aqui (é preciso entrar na conta):`,
    link: 'Baixar o backup',
    restore: 'Para restaurar com o Cofre:',
    byHand: 'Para conferir e descompactar o arquivo sem o Cofre:',
  },
  failed: {
    subject: (database) => `FALHA: o backup de ${database} não foi concluído`,
    title: (database) => `O backup de ${database} falhou`,
    summary: 'A execução não terminou como deveria. É necessária uma ação.',
    lastGoodKept: 'O último backup íntegro é mantido enquanto não houver outro mais novo.',
    none: 'nenhum',
    noneAtAll: (database) => `Não há nenhum backup íntegro de ${database}.`,
  },
};
