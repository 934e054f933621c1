import { lsIn, sizeIn, snapshotsIn, statisticsIn, unreadable } from './said.ts';

/** What restic says of a repository that somebody else may have written. */
export const fuzz = {
  name: 'restic',
  seeds: (): Uint8Array[] =>
    [
      '[{"time":"2026-03-01T02:00:00.123456789+01:00","tree":"aa","paths":["/srv/ehr"],"hostname":"ehr","id":"ab12","short_id":"ab12"}]',
      '{"time":"2026-03-01T02:00:00Z","paths":["/srv","/etc"],"id":"ab","struct_type":"snapshot"}\n{"name":"a","type":"file","path":"/srv/a","size":12,"struct_type":"node"}\n{"name":"b","type":"dir","path":"/srv/b","struct_type":"node"}',
      '{"total_size":4096,"total_file_count":12,"snapshots_count":1}',
      '{"message_type":"change","path":"/a","modifier":"M"}\n{"message_type":"statistics","changed_files":1,"added":{"files":1,"bytes":2},"removed":{"files":0}}',
      'could not load snapshot 0a1b2c: unexpected end\n[{"time":"+275760-09-14","id":"x"}]',
    ].map((text) => Buffer.from(text)),
  run(input: Uint8Array): void {
    const text = Buffer.from(input).toString('utf8');
    for (const { time, paths } of snapshotsIn(text) ?? []) {
      if (Number.isNaN(Date.parse(time)) || !Array.isArray(paths)) throw new Error('a snapshot without its time');
    }
    for (const { size, path } of lsIn(text).nodes) {
      if (!(size >= 0) || typeof path !== 'string') throw new Error('a size that is none');
    }
    sizeIn(text);
    statisticsIn(text);
    for (const id of unreadable(text)) if (!/^[0-9a-f]+$/.test(id)) throw new Error('an id that is none');
  },
};
