import { accept, type Result, refuse } from '../../../journal/result.ts';
import type { Imported } from '../../../map/import/imported.ts';
import { readMapFiles } from '../../yaml/mapFiles.ts';

/** A map in its own words, in one file or in several that are one map. What is wrong with it is said by line and column. */
export function readYaml(
  files: readonly { name: string; bytes: Uint8Array }[],
  { from, isComplete }: Pick<Imported, 'from' | 'isComplete'>,
): Imported {
  const { document, problems } = readMapFiles(files.map(({ name, bytes }) => ({ file: name, bytes })));
  const map: Result<NonNullable<typeof document>> = document === undefined ? broken(problems) : accept(document);
  return {
    from,
    isComplete,
    things: [],
    map,
    problems: problems.map(({ file, line, column, code, message }) => ({ file, row: line, column, code, message })),
  };
}

function broken(problems: ReturnType<typeof readMapFiles>['problems']) {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return refuse('map-invalid', `The file has ${errors.length} error(s), first: ${first?.message ?? 'it is empty'}.`, {
    ...(first === undefined ? {} : { where: `${first.file}:${first.line}:${first.column}` }),
    expected: 'a whole map in YAML: what it names is in it',
    kept: 'The map is unchanged.',
    cure: 'Correct them; `reflexe map check` on the file lists them all.',
  });
}
