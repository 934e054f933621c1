import { archivesIn, complaintsIn, itemReader, patternOf } from './said.ts';

/** What borg says of a repository that somebody else may have written. */
export const fuzz = {
  name: 'borg',
  seeds: (): Uint8Array[] =>
    [
      `{"archives":[{"id":"${'0f'.repeat(32)}","name":"ehr","start":"2026-03-01T02:30:00.000000","hostname":"ehr"}]}`,
      '{"type":"log_message","levelname":"ERROR","message":"Data integrity error","msgid":"IntegrityError"}\nnot JSON',
      '-\u000012\u00002026-03-01T02:30:00.000001\u0000healthy\u0000srv/a\nb\u0000d\u00000\u0000x\u0000broken\u0000./srv\u0000',
    ].map((text) => Buffer.from(text)),
  run(input: Uint8Array): void {
    const text = Buffer.from(input).toString('utf8');
    for (const { start } of archivesIn(text) ?? [])
      if (Number.isNaN(Date.parse(`${start}Z`))) throw new Error('an archive without its time');
    complaintsIn(text);
    const half = Math.floor(input.length / 2);
    const read = itemReader(({ path, bytes }) => {
      if (!(bytes >= 0)) throw new Error('a size that is none');
      if (!/^re:[\w/\\^$()[\]?:.*|-]*$/.test(patternOf(path))) throw new Error('a letter that a pattern could read');
    });
    read(Buffer.from(input.subarray(0, half)));
    read(Buffer.from(input.subarray(half)));
  },
};
