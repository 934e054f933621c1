import type { ReviewBody } from '../../../server/protocol.ts';
import { entry } from '../../../words/entry.ts';
import { useWords } from '../../words/Words.tsx';
import { Group } from './Group.tsx';

/** What the source says that could not be taken, where it says it. */
export function Problems({ problems }: { problems: ReviewBody['problems'] }) {
  const { t } = useWords();
  // What is wrong in a map in its own words is what is wrong on a map; a tool's export goes on without it.
  const inWords = ({ code, column }: ReviewBody['problems'][number]) =>
    entry(column === undefined ? t.mapImport.problems : t.mapEdit.problems, code);
  return (
    <Group title={t.mapImport.groups.problems(problems.length)} rows={problems}>
      {(problem) => (
        <li
          key={`${problem.file} ${problem.row} ${problem.column} ${problem.field} ${problem.code} ${problem.message}`}
        >
          <p>
            <b>{t.mapImport.place(problem.file, problem.row, problem.field, problem.column)}</b>
          </p>
          <p>{inWords(problem) ?? problem.message}</p>
          <p className="soft" lang="en">
            {[
              ...(inWords(problem) === undefined ? [] : [problem.message]),
              ...(problem.expected === undefined ? [] : [problem.expected]),
              ...(problem.kept === undefined ? [] : [problem.kept]),
            ].join(' · ')}
          </p>
        </li>
      )}
    </Group>
  );
}

/** What the map would hold that a person should look at once the import is applied. */
export function Wrong({ wrong, nameOf }: { wrong: ReviewBody['wrong']; nameOf(id: string): string }) {
  const { t } = useWords();
  return (
    <Group title={t.mapImport.groups.wrong(wrong.length)} rows={wrong}>
      {({ section, id, code, message, severity }) => (
        <li key={`${section} ${id} ${code} ${message}`} data-severity={severity}>
          <p>
            <b>{nameOf(id)}</b> <span className="soft">{t.mapChanges.thing[section]}</span>
          </p>
          <p>{entry(t.mapEdit.problems, code) ?? message}</p>
        </li>
      )}
    </Group>
  );
}
