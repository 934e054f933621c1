import { type AttackReport, attack } from '../attacker.ts';
import type { Running } from './running.ts';

const DAY = 86_400_000;
/** Messages of hospital life between two nights. */
const MESSAGES = 40;

/** Nights before the attack, with real changes between them, and what was true of each service at each backup. */
export async function nights(
  { establishment, hospital, stage, signal, failures }: Running,
  count: number,
): Promise<void> {
  const today = Date.now();
  for (let night = count; night >= 1; night -= 1) {
    const at = new Date(Math.floor((today - night * DAY) / 1000) * 1000);
    stage('nights', `${count - night + 1}/${count}`);
    await hospital.feed.send(MESSAGES, { from: new Date(at.getTime() - DAY / 4), to: at });
    await hospital.addStudies(2, at);
    const silent = await establishment.recordFacts(at, signal);
    for (const { probe, refusal } of silent) failures.push(`${probe}: ${refusal.code} ${refusal.kept ?? ''}`);
    const taken = await hospital.backups.takeNight(at);
    for (const part of taken.parts)
      if (!part.ok) failures.push(`night ${at.toISOString()}: ${part.part} ${part.reason}`);
  }
  // Today's work, which no night holds: what going back will lose.
  await hospital.feed.send(MESSAGES, { from: new Date(today - DAY / 4), to: new Date(today) });
}

/** Really encrypts every data folder of the hospital; then the night comes all the same. */
export async function attackHospital({ hospital, stage, signal }: Running): Promise<AttackReport> {
  stage('attack', '');
  const { description, backups } = hospital;
  const report = await attack({
    runFolder: description.folder,
    targets: Object.values(description.folders),
    order: 'in-turn',
    signal,
    onProgress: ({ files }) => {
      if (files % 200 === 0) stage('attack', `${files}`);
    },
  });
  stage('attack', `${report.files}`);
  // The nightly job does not know: it backs the ransom up. A last snapshot that restores whole, and must not be used.
  await backups.takeNight(new Date(Math.floor(Date.now() / 1000) * 1000));
  return report;
}
