import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { accept, type Result } from '../../src/journal/result.ts';
import type { DrillReport, DrillStage } from '../../src/main/drill.ts';
import { startHub } from '../../src/main/hub.ts';
import { startDrill } from './drill.ts';
import { type ReportLanguage, reportPdf, reportText } from './report.ts';

export interface DrillCommand {
  seed: string;
  language: ReportLanguage;
  /** Port of the hub through which the drill is watched; 0: any free one. */
  port: number;
  /** Folder for drill.json and drill.pdf. */
  out: string | undefined;
  /** Nights backed up before the encryption, and people in the hospital. */
  nights: number;
  patients: number;
  /** A line of progress. */
  say(line: string): void;
}

export { reportText };

const stages: { readonly [Name in DrillStage]: { fr: string; en: string } } = {
  leftovers: { fr: 'Restes d’un exercice interrompu', en: 'Leftovers of an interrupted drill' },
  hospital: { fr: 'Hôpital miniature', en: 'Hospital in miniature' },
  watch: { fr: 'Surveillance', en: 'Watch' },
  nights: { fr: 'Nuits de sauvegarde', en: 'Nights of backup' },
  implant: { fr: 'Attaque : un implant entre', en: 'Attack: an implant gets in' },
  attack: { fr: 'Attaque : chiffrement réel', en: 'Attack: real encryption' },
  detection: { fr: 'Détection', en: 'Detection' },
  containment: { fr: 'Confinement, services tenus', en: 'Containment, wards held' },
  restoration: { fr: 'Restauration en salle blanche', en: 'Restoration in the clean room' },
  release: { fr: 'Vérification et ouverture', en: 'Verification and release' },
  report: { fr: 'Rapport', en: 'Report' },
};
const watch = { fr: 'À suivre dans un navigateur :', en: 'Watch it in a browser:' };

/** The drill from a terminal, on a hub of its own, so that whoever has a browser watches the same. Cleans up whatever happens. */
export async function drill({
  seed,
  language,
  port,
  out,
  nights,
  patients,
  say,
}: DrillCommand): Promise<Result<DrillReport>> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'reflexe-hub-'));
  const web = join(root, 'dist', 'web');
  try {
    const hub = await startHub({
      // In it rather than the folder itself: its key file lies beside it, and goes with the folder.
      dataFolder: join(folder, 'data'),
      configuration: join(root, 'examples', 'groupe-exemple'),
      scenariosFolder: join(root, 'scenarios'),
      examplesFolder: join(root, 'examples'),
      webRoot: existsSync(web) ? web : null,
      host: 'localhost',
      port,
      helperSocket: join(folder, 'no-helper.sock'),
      startDrill: (listener) => startDrill({ seed, nights, patients }, listener),
      log: pino({ level: 'error' }, pino.destination(2)),
    });
    if (!hub.ok) return hub;
    say(`${watch[language]} ${hub.value.firstLink ?? hub.value.url}`);
    const desk = hub.value.drill;
    const stop = () => void desk?.stop();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    try {
      const begun = performance.now();
      let shown = '';
      const started = await desk?.start({
        stage: (stage, detail) => {
          const line = `${stages[stage][language]}${detail === '' ? '' : ` · ${detail}`}`;
          if (line !== shown) say(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${line}`);
          shown = line;
        },
      });
      if (started === undefined) throw new Error('a hub with a laboratory has a drill desk');
      const report = started.ok ? await started.value.report : started;
      if (report.ok && out !== undefined) await save(out, report.value, language);
      return report.ok ? accept(report.value) : report;
    } finally {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      await hub.value.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function save(folder: string, report: DrillReport, language: ReportLanguage): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'drill.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'drill.pdf'), reportPdf(report, language));
}
