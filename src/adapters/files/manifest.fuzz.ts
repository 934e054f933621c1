import { parseManifest } from './manifest.ts';

const hex = '0123456789abcdef'.repeat(4);

/** What may stand in a list of checksums beside a night. */
export const fuzz = {
  name: 'checksums',
  seeds: (): Uint8Array[] =>
    [`${hex}  a/b.txt\n${hex} *c d.bin\n`, `\\${hex}  line\\nbreak\n`, `${hex}  ./x\r\n`, 'not a list\n'].map((text) =>
      Buffer.from(text),
    ),
  run(input: Uint8Array): void {
    const text = Buffer.from(input).toString('utf8');
    for (const [path, checksum] of parseManifest(text) ?? []) {
      if (path === '' || !/^[0-9a-f]{64}$/.test(checksum)) throw new Error('a checksum of nothing, or no checksum');
    }
  },
};
