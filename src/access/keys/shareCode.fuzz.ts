import { readShareCode, shareCode } from './shareCode.ts';

const printed = shareCode({ set: '0a1b2c', bytes: Uint8Array.from({ length: 33 }, (_, at) => at + 1) });

/** What a person may type for a share of the key, or paste. */
export const fuzz = {
  name: 'share-code',
  seeds: (): Uint8Array[] =>
    [
      printed,
      printed.toLowerCase().replaceAll('-', ' '),
      printed.replaceAll('\n', ''),
      printed.slice(0, 40),
      'I L O U',
    ].map((text) => new TextEncoder().encode(text)),
  run(input: Uint8Array): void {
    const read = readShareCode(new TextDecoder().decode(input));
    if (!read.ok) {
      const [first] = read.misread;
      if (
        first === undefined ||
        first.line < 1 ||
        first.line > 6 ||
        (first.letter ?? 1) < 1 ||
        (first.letter ?? 1) > 12
      )
        throw new Error('a fault that is nowhere');
      return;
    }
    const again = readShareCode(shareCode(read.share));
    if (!again.ok || again.share.bytes.some((byte, at) => byte !== read.share.bytes[at]))
      throw new Error('read otherwise');
  },
};
