import process from 'node:process';
import { openPsaWeakPoints } from '../src/cli/mapWeakPoints.ts';

export interface Answer {
  tree: string;
  total: string;
  completeUpTo: number | null;
  probability: number | null;
  seconds: number;
}

const answers: Answer[] = [];
for (const file of process.argv.slice(2)) {
  const begun = performance.now();
  const found = openPsaWeakPoints(file);
  if (!found.ok) throw new Error(found.refusal.message);
  const [tree] = found.value.trees;
  answers.push({
    tree: /([^/]+)\.xml$/.exec(file)?.[1] ?? file,
    total: tree?.minimalCutSets.total ?? '',
    completeUpTo: tree?.minimalCutSets.completeUpTo ?? null,
    probability: tree?.topProbability ?? null,
    seconds: (performance.now() - begun) / 1000,
  });
}
process.stdout.write(JSON.stringify({ answers, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
