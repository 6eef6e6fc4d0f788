import { Socket } from 'node:net';

/** Bytes that one read may bring: what a server sends in about two milliseconds. */
export const READ = 512 * 1024;

/**
 * A socket that reads into one buffer of its own, again and again (`onread` of node:net). The usual way allocates a
 * buffer of 64 KiB for each read; a large dump makes thousands of them a second, and V8 collects garbage for every 64 MiB.
 */
export class BulkSocket extends Socket {
  /** Takes what comes until it is set to `undefined`; what it is given is overwritten when it returns. */
  consumer: ((chunk: Buffer) => void) | undefined;

  constructor() {
    // Not in the types of the constructor, which takes what net.connect takes.
    const options = {
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ),
        callback: (size: number, buffer: Buffer): boolean => {
          this.pass(buffer.subarray(0, size));
          return true;
        },
      },
    };
    super(options as ConstructorParameters<typeof Socket>[0]);
  }

  private pass(chunk: Buffer): void {
    if (this.consumer) this.consumer(chunk);
    // A listener may keep what it gets.
    else this.emit('data', Buffer.from(chunk));
  }
}
