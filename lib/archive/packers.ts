import type { Codec } from './compression.ts';
import type { Content, Packer } from './packer.ts';

/** As many packers as are ever at work at the same time. */
export function packersOf(codec: Codec, content: Content): Disposable & Pick<Packer, 'pack'> {
  const all: Packer[] = [];
  const idle: Packer[] = [];
  const make = () => {
    const packer = codec.packer(content);
    all.push(packer);
    return packer;
  };
  return {
    async pack(bytes: Uint8Array): Promise<Uint8Array> {
      const packer = idle.pop() ?? make();
      const packed = await packer.pack(bytes);
      idle.push(packer);
      return packed;
    },
    [Symbol.dispose]: () => {
      for (const packer of all) packer.close();
    },
  };
}
