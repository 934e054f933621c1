import { relative } from 'node:path';
import type { Reporter } from 'knip';
import type { Problem, Verdict } from './gate.ts';

const words: { [type: string]: string } = {
  files: 'file used by nothing',
  dependencies: 'dependency used by nothing',
  devDependencies: 'development dependency used by nothing',
  optionalPeerDependencies: 'optional peer dependency used',
  unlisted: 'dependency used but not in package.json',
  binaries: 'program used but brought by no dependency',
  unresolved: 'import that leads nowhere',
  exports: 'export used by nothing',
  types: 'exported type used by nothing',
  duplicates: 'exported twice',
};

/** knip's findings with the number of files it looked at, which its own JSON does not tell. */
const reporter: Reporter = ({ issues, report, counters, cwd }) => {
  const problems: Problem[] = [];
  for (const [type, byFile] of Object.entries(issues)) {
    if (!Object.entries(report).some(([name, wanted]) => name === type && wanted)) continue;
    for (const issue of Object.values(byFile).flatMap((bySymbol) => Object.values(bySymbol))) {
      const place = issue.line === undefined ? {} : { line: issue.line, column: issue.col ?? 1 };
      problems.push({
        file: relative(cwd, issue.filePath),
        message: `${words[type] ?? type}: ${issue.symbol}`,
        ...place,
      });
    }
  }
  const verdict: Verdict = { examined: counters.processed, problems };
  process.stdout.write(JSON.stringify(verdict));
};

export default reporter;
