import { createLineReader, linesOf } from './snapshotLines.ts';

/** What a snapshot's file holds once it was deciphered: whatever its lines say, a state or a refusal, and the same state again. */
export const fuzz = {
  name: 'snapshot',
  seeds: (): Uint8Array[] =>
    [
      [...linesOf({ map: { a: [1, 2, { b: null }] }, log: Array.from({ length: 9 }, (_, at) => `line ${at}`) })].join(
        '\n',
      ),
      '[\n+[1,2]\n{\n:"a"\n[\n+["x"]\n]\n+{"b":{"c":1}}\n}\n]',
      '{\n+{"__proto__":{"polluted":1}}\n:"__proto__"\n[\n]\n}',
    ].map((text) => Buffer.from(text)),
  run(input: Uint8Array): void {
    const reader = createLineReader();
    let state: ReturnType<typeof reader.state>;
    try {
      for (const line of Buffer.from(input).toString('utf8').split('\n')) reader.add(line);
      state = reader.state();
    } catch {
      // As `snapshotFiles` does: damaged, and passed over.
      return;
    }
    if ('polluted' in {}) throw new Error('a prototype was touched');
    const again = createLineReader();
    for (const line of linesOf(state)) again.add(line);
    if (JSON.stringify(again.state()) !== JSON.stringify(state)) throw new Error('reads back as another state');
  },
};
