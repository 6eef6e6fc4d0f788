import { type Client, socketOf } from './driver.ts';
import { packetReader } from './packet-reader.ts';
import {
  eofPacket,
  errorPacket,
  isEof,
  lengthEncoded,
  MORE_RESULTS,
  type OkPacket,
  okPacket,
  queryPackets,
  takeSocket,
} from './wire.ts';

/** What a statement did. */
export interface Outcome {
  readonly affectedRows: number;
  /** How many there are for SHOW WARNINGS: the last statement's. */
  readonly warnings: number;
}

/**
 * Runs a statement given as bytes, which need not be text: the driver would have them as a string. What it returns
 * besides counts, such as rows, is read and dropped.
 * @throws what the server reports; an error when the connection is lost.
 */
export async function execute(client: Client, statement: Uint8Array): Promise<Outcome> {
  const stream = socketOf(client);
  if (stream.destroyed) throw connectionLost();
  const done = Promise.withResolvers<Outcome>();
  const answer = new Answer(done.resolve, done.reject);
  const onClose = () => done.reject(connectionLost());
  stream.once('close', onClose);
  const socket = takeSocket(
    client,
    packetReader((payload) => {
      try {
        answer.take(payload);
      } catch (error) {
        done.reject(error);
      }
    }),
  );
  try {
    for (const bytes of queryPackets(statement)) socket.write(bytes);
    return await done.promise;
  } finally {
    stream.off('close', onClose);
    socket.giveBack();
  }
}

export function connectionLost(): Error {
  return Object.assign(new Error('Connection lost'), { code: 'PROTOCOL_CONNECTION_LOST' });
}

/** Reads the answer to a COM_QUERY (manual, "COM_QUERY Response"). */
class Answer {
  readonly #resolve: (outcome: Outcome) => void;
  readonly #reject: (error: Error) => void;
  #state: 'begin' | 'columns' | 'rows' = 'begin';
  #affectedRows = 0;

  constructor(resolve: (outcome: Outcome) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  take(payload: Buffer): void {
    if (payload[0] === ERROR) this.#reject(errorPacket(payload));
    else if (this.#state === 'begin') this.#begin(payload);
    else if (isEof(payload)) this.#endOfPart(eofPacket(payload));
  }

  #begin(payload: Buffer): void {
    if (payload[0] === OK) {
      const ok = okPacket(payload);
      this.#affectedRows += ok.affectedRows;
      this.#endOfResult(ok);
    } else if (payload[0] === LOCAL_INFILE) {
      throw new Error('The server asks for a file of this machine, which it does not get.');
    } else if (lengthEncoded(payload, 0).value > 0) {
      this.#state = 'columns';
    }
  }

  #endOfPart(eof: Omit<OkPacket, 'affectedRows'>): void {
    if (this.#state === 'columns') this.#state = 'rows';
    else this.#endOfResult(eof);
  }

  #endOfResult({ status, warnings }: Omit<OkPacket, 'affectedRows'>): void {
    this.#state = 'begin';
    if (!(status & MORE_RESULTS)) this.#resolve({ affectedRows: this.#affectedRows, warnings });
  }
}

const OK = 0x00;
const ERROR = 0xff;
const LOCAL_INFILE = 0xfb;
