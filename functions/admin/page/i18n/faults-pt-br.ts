import type { FaultCode } from '../fault.ts';
import type { Explanation } from './messages.ts';

const SEE_LOGS = 'Tente de novo; se acontecer outra vez, veja os registros (logs).';
const CHECK_ADDRESS = 'Confira o endereço dele na configuração.';
const ANOTHER_BACKUP = 'Use outro backup e crie um novo.';

export const faultsPtBR: Record<FaultCode, Explanation> = {
  USAGE: { title: 'O pedido não é válido', advice: 'Confira o que você digitou e tente de novo.' },
  CONFIG_INVALID: { title: 'A configuração não é válida', advice: 'Corrija e inicie o Cofre de novo.' },
  SECRET_UNAVAILABLE: {
    title: 'Não foi possível ler a senha do banco de dados',
    advice: 'Confira o segredo indicado na configuração.',
  },
  CONFIRMATION_REQUIRED: { title: 'Falta confirmar', advice: 'Digite exatamente o nome do banco de dados.' },
  DATABASE_UNKNOWN: { title: 'Banco de dados desconhecido', advice: 'Confira os nomes na configuração.' },
  BACKUP_NOT_FOUND: {
    title: 'Este backup não existe',
    advice: 'Ele pode ter sido excluído nesse meio-tempo.',
  },
  JOB_NOT_FOUND: {
    title: 'Esta atividade não existe',
    advice: 'Registros antigos são removidos depois de um tempo.',
  },
  BUSY: {
    title: 'O banco de dados está ocupado',
    advice: 'Espere a tarefa em andamento terminar e tente de novo.',
  },
  DUPLICATE: { title: 'Isto já estava em andamento', advice: 'Nada foi feito duas vezes.' },
  BACKUP_DAMAGED: { title: 'O backup está danificado', advice: ANOTHER_BACKUP },
  BACKUP_HELD: {
    title: 'O backup inteiro mais recente é mantido',
    advice: 'Crie antes um novo backup; depois este pode ser excluído.',
  },
  SOURCE_NOT_FOUND: {
    title: 'O banco de dados não foi encontrado',
    advice: CHECK_ADDRESS,
  },
  SOURCE_INVALID: {
    title: 'A origem não é um banco de dados válido',
    advice: CHECK_ADDRESS,
  },
  SOURCE_DAMAGED: { title: 'O banco de dados está danificado', advice: 'Restaure o último backup bom.' },
  SOURCE_BUSY: {
    title: 'O banco de dados ficou ocupado por tempo demais',
    advice: 'Tente de novo em um horário mais calmo.',
  },
  SOURCE_FAILED: { title: 'O banco de dados informou um erro', advice: 'Veja a mensagem do servidor.' },
  TARGET_BUSY: {
    title: 'O banco de dados ficou ocupado por tempo demais',
    advice: 'Pare o que grava nele e tente de novo.',
  },
  TARGET_INVALID: {
    title: 'Não é possível restaurar neste banco de dados',
    advice: 'Confira o banco de dados e a configuração.',
  },
  RESTORE_REFUSED: {
    title: 'Restauração recusada',
    advice: 'Nada foi alterado. Veja a mensagem do servidor.',
  },
  NO_SPACE: { title: 'Falta espaço', advice: 'Libere espaço e tente de novo.' },
  STORE_UNAVAILABLE: {
    title: 'O armazenamento de backups não respondeu',
    advice: 'Tente de novo daqui a pouco.',
  },
  STORE_DENIED: {
    title: 'O armazenamento de backups negou o acesso',
    advice: 'Confira as permissões do armazenamento.',
  },
  STORE_CONFLICT: { title: 'Houve outra gravação ao mesmo tempo', advice: 'Tente de novo.' },
  STORE_NOT_FOUND: { title: 'Falta um arquivo do backup', advice: ANOTHER_BACKUP },
  LEASE_LOST: { title: 'A tarefa perdeu a vez', advice: 'Tente de novo.' },
  WORKER_LOST: {
    title: 'A tarefa parou sem aviso',
    advice: SEE_LOGS,
  },
  ABORTED: { title: 'A tarefa foi interrompida', advice: 'Tente de novo.' },
  MAIL_FAILED: {
    title: 'Não foi possível enviar o e-mail',
    advice: 'Confira os endereços e a configuração de e-mail.',
  },
  INTERNAL: {
    title: 'Algo deu errado',
    advice: SEE_LOGS,
  },
  NETWORK: { title: 'O servidor não responde', advice: 'A página tenta de novo sozinha.' },
  UNEXPECTED: {
    title: 'Resposta inesperada do servidor',
    advice: SEE_LOGS,
  },
  SIGNED_OUT: { title: 'Você não está conectado', advice: 'Entre no sistema e recarregue a página.' },
  FORBIDDEN: { title: 'Você não tem permissão para isso', advice: 'Fale com um administrador do Cofre.' },
};
