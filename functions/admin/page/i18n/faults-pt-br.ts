import type { FaultCode } from '../fault.ts';
import type { Explanation } from './messages.ts';

const SEE_LOGS = 'Tente de novo; se acontecer outra vez, veja os registros (logs).';
const CHECK_ADDRESS = 'Confira o endereço dele na configuração.';
const ANOTHER_BACKUP = 'Use outro backup e crie um novo.';

export const faultsPtBR: Record<FaultCode, Explanation> = {
  USAGE: ['O pedido não é válido', 'Confira o que você digitou e tente de novo.'],
  CONFIG_INVALID: ['A configuração não é válida', 'Corrija e inicie o Cofre de novo.'],
  SECRET_UNAVAILABLE: [
    'Não foi possível ler a senha do banco de dados',
    'Confira o segredo indicado na configuração.',
  ],
  CONFIRMATION_REQUIRED: ['Falta confirmar', 'Digite exatamente o nome do banco de dados.'],
  DATABASE_UNKNOWN: ['Banco de dados desconhecido', 'Confira os nomes na configuração.'],
  BACKUP_NOT_FOUND: ['Este backup não existe', 'Ele pode ter sido excluído nesse meio-tempo.'],
  JOB_NOT_FOUND: ['Esta atividade não existe', 'Registros antigos são removidos depois de um tempo.'],
  BUSY: ['O banco de dados está ocupado', 'Espere a tarefa em andamento terminar e tente de novo.'],
  DUPLICATE: ['Isto já estava em andamento', 'Nada foi feito duas vezes.'],
  BACKUP_DAMAGED: ['O backup está danificado', ANOTHER_BACKUP],
  BACKUP_HELD: [
    'O backup inteiro mais recente é mantido',
    'Crie antes um novo backup; depois este pode ser excluído.',
  ],
  SOURCE_NOT_FOUND: ['O banco de dados não foi encontrado', CHECK_ADDRESS],
  SOURCE_INVALID: ['A origem não é um banco de dados válido', CHECK_ADDRESS],
  SOURCE_DAMAGED: ['O banco de dados está danificado', 'Restaure o último backup bom.'],
  SOURCE_BUSY: ['O banco de dados ficou ocupado por tempo demais', 'Tente de novo em um horário mais calmo.'],
  SOURCE_FAILED: ['O banco de dados informou um erro', 'Veja a mensagem do servidor.'],
  TARGET_BUSY: ['O banco de dados ficou ocupado por tempo demais', 'Pare o que grava nele e tente de novo.'],
  TARGET_INVALID: [
    'Não é possível restaurar neste banco de dados',
    'Confira o banco de dados e a configuração.',
  ],
  RESTORE_REFUSED: ['Restauração recusada', 'Nada foi alterado. Veja a mensagem do servidor.'],
  NO_SPACE: ['Falta espaço', 'Libere espaço e tente de novo.'],
  STORE_UNAVAILABLE: ['O armazenamento de backups não respondeu', 'Tente de novo daqui a pouco.'],
  STORE_DENIED: ['O armazenamento de backups negou o acesso', 'Confira as permissões do armazenamento.'],
  STORE_CONFLICT: ['Houve outra gravação ao mesmo tempo', 'Tente de novo.'],
  STORE_NOT_FOUND: ['Falta um arquivo do backup', ANOTHER_BACKUP],
  LEASE_LOST: ['A tarefa perdeu a vez', 'Tente de novo.'],
  WORKER_LOST: ['A tarefa parou sem aviso', SEE_LOGS],
  ABORTED: ['A tarefa foi interrompida', 'Tente de novo.'],
  MAIL_FAILED: ['Não foi possível enviar o e-mail', 'Confira os endereços e a configuração de e-mail.'],
  INTERNAL: ['Algo deu errado', SEE_LOGS],
  SIGN_IN_FAILED: ['Não foi possível entrar', 'Tente de novo.'],
  NETWORK: ['O servidor não responde', 'A página tenta de novo sozinha.'],
  UNEXPECTED: ['Resposta inesperada do servidor', SEE_LOGS],
  SIGNED_OUT: ['Você não está conectado', 'Entre no sistema e recarregue a página.'],
  FORBIDDEN: ['Você não tem permissão para isso', 'Fale com um administrador do Cofre.'],
};
