import { codeOf, parseAnchor, parseCode } from '../journal/code.ts';
import { readShareCode, shareCode } from './keys/shareCode.ts';
import { envelopeSymbols, groupedCode, readCode, wardCardSymbols } from './wardCards/code.ts';

const share = shareCode({ set: '0a1b2c', bytes: Uint8Array.from({ length: 33 }, (_, at) => at + 1) });
const place = codeOf({ epoch: 1, sequence: 42, hash: 'ab'.repeat(32) });

/** What people type: a share of the key, a ward card, an envelope, a place of the journal. Read as it was printed, or refused. */
export const fuzz = {
  name: 'codes on paper',
  seeds: (): Uint8Array[] =>
    [
      share,
      share.toLowerCase().replaceAll('\n', ' '),
      place,
      `1:42:${'ab'.repeat(32)}`,
      '0000-0000-0000-0000',
      'K7QX-3M2P-9D4T-HV8W',
    ].map((text) => Buffer.from(text)),
  run(input: Uint8Array): void {
    const typed = Buffer.from(input).toString('utf8');
    const read = readShareCode(typed);
    if (read.ok) {
      const again = readShareCode(shareCode(read.share));
      if (!again.ok || Buffer.compare(again.share.bytes, read.share.bytes) !== 0) throw new Error('another share');
    } else {
      if (read.misread.length === 0) throw new Error('wrong, and nowhere');
      for (const { line, letter = 1 } of read.misread)
        if (!(line >= 1 && line <= 6 && letter >= 1 && letter <= 12))
          throw new Error(`no such place: ${line}, ${letter}`);
    }
    for (const symbols of [wardCardSymbols, envelopeSymbols]) {
      const code = readCode(typed, symbols);
      if (code.ok && readCode(groupedCode(code.value), symbols).ok === false) throw new Error('not read as printed');
    }
    const head = parseCode(typed);
    if (head.ok && parseCode(codeOf({ ...head.value, hash: head.value.hash.padEnd(64, '0') })).ok === false)
      throw new Error('not the same place');
    parseAnchor(typed);
  },
};
