/**
 * Gives the memory of a large buffer back at once. Buffers of this size live outside V8's heap, and V8 starts a whole
 * garbage collection for every 64 MiB of them: over a large archive that costs more than unpacking it.
 */
export function free(bytes: Uint8Array): void {
  const { buffer } = bytes;
  // Small Buffers share a pool (Buffer.poolSize), which is not ours to give back.
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength <= Buffer.poolSize || buffer.detached) return;
  buffer.transfer(0);
}

/** Buffers of one size, used again and again: as many as are ever in use at one time. */
export function bufferPool(size: number): { take(): Buffer; give(buffer: Buffer): void } {
  const idle: Buffer[] = [];
  return {
    take: () => idle.pop() ?? Buffer.allocUnsafeSlow(size),
    give: (buffer) => void idle.push(buffer),
  };
}
