import { known } from '../../lib/known.ts';

/** A small deterministic generator (mulberry32) with the picks that sample data needs. */
export interface Random {
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: (items) => known(items[below(items.length)], 'What was picked') };
}

const GIVEN =
  'Ana,Beatriz,Carla,Daniela,Eduarda,Fernanda,Gabriela,Helena,Isabel,Juliana,Larissa,Mariana,Natália,Patrícia,Renata,Sofia,Tatiana,Vitória,André,Bruno,Caio,Diego,Eduardo,Felipe,Gustavo,Henrique,Igor,João,Lucas,Marcelo,Otávio,Paulo,Rafael,Sérgio,Thiago,Vinícius,Emma,Liam,Olivia,Noah'.split(
    ',',
  );
const FAMILY =
  'Almeida,Araújo,Barbosa,Cardoso,Carvalho,Costa,Dias,Fernandes,Ferreira,Gomes,Lima,Lopes,Martins,Melo,Mendes,Moreira,Nascimento,Oliveira,Pereira,Ribeiro,Rocha,Rodrigues,Santana,Santos,Silva,Souza,Teixeira,Vieira,Miller,Novak'.split(
    ',',
  );

export const subjects: readonly string[] = [
  'Cannot sign in after password change',
  'Invoice of last month shows the wrong amount',
  'Impressora do 2º andar não imprime',
  'VPN drops every ten minutes',
  'Solicitação de acesso ao sistema financeiro',
  'E-mail com anexo não chega ao destinatário',
  'Laptop runs hot and shuts down',
  'Relatório mensal demora mais de cinco minutos',
  'New employee: please prepare an account',
  'Erro 500 ao salvar o cadastro de cliente',
  'Calendar invitations arrive twice',
  'Tela azul ao abrir a planilha de estoque',
  'Request: second monitor for the design team',
  'Wi-Fi da sala de reunião muito lento',
  'Mobile app shows an empty ticket list',
  'Backup do servidor de arquivos falhou ontem',
];

const OPENINGS = [
  'Since this morning nobody in our team can use it.',
  'Desde ontem à tarde o problema aparece para todos do setor.',
  'It worked until the update of last Friday.',
  'Segue o que aparece na tela quando tento novamente:',
  'I followed the article in the knowledge base, without success.',
  'Já reiniciei o equipamento e limpei o cache do navegador.',
];
const ANSWERS = [
  'Thank you for the details. I could reproduce it and have passed it to the second level.',
  'Obrigado pelo retorno! Poderia confirmar o horário exato e o nome do computador?',
  'The certificate had expired; we have renewed it. Please sign out and in again.',
  'Liberamos o acesso solicitado. O chamado será encerrado em dois dias se não houver resposta.',
  'We have raised the limit for your account; the change is active in about an hour.',
  'O técnico fará a troca do cabo amanhã às 9h. Por favor, deixe o equipamento ligado.',
];
const WORDS =
  'acesso,account,alteração,application,arquivo,attachment,atualização,browser,cadastro,certificate,cliente,computer,conexão,configuration,contrato,customer,database,departamento,device,documento,error,estoque,firewall,fornecedor,gateway,horário,impressora,invoice,janela,licence,mensagem,monitor,network,notebook,pagamento,password,pedido,permission,planilha,printer,processo,profile,projeto,queue,relatório,request,rede,screen,senha,server,sistema,storage,suporte,switch,tarefa,timeout,usuário,version,window,workstation'.split(
    ',',
  );

export function personName(rnd: Random): string {
  return `${rnd.pick(GIVEN)} ${rnd.pick(FAMILY)} ${rnd.pick(FAMILY)}`;
}

/** A comment of some 150 to 900 characters: a sentence, some words, a log line with ids as real tickets have. */
export function commentText(rnd: Random, turn: number): string {
  const words = Array.from({ length: 8 + rnd.below(70) }, () => rnd.pick(WORDS)).join(' ');
  const trace = `[${rnd.below(1e9).toString(16)}-${rnd.below(1e9).toString(16)}] host-${rnd.below(900)} code=${rnd.below(600)} t=${rnd.below(90_000)}ms`;
  return `${rnd.pick(turn % 2 === 0 ? OPENINGS : ANSWERS)} ${words}.\n${trace}`;
}
