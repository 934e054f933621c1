import { IMPLANTS, plant } from '../attack/implant.ts';
import { type AttackReport, attack } from '../attacker.ts';
import { type Night, PARTS, type Part } from '../backups.ts';
import { everyServiceUp, type Running } from './running.ts';

const DAY = 86_400_000;
/** Messages of hospital life between two nights. */
const MESSAGES = 40;
const FACTS_TRIES = 3;
const SEND_TRIES = 5;

/** A night as the drill knows it, and no one else: what the intruder had already done to each part when it was taken. */
export interface NightTaken extends Night {
  done: { readonly [Name in Part]?: 'implant' | 'encryption' };
}

const implanted = PARTS.filter((part) => IMPLANTS[part] !== undefined);
const afterImplant: NightTaken['done'] = Object.fromEntries(implanted.map((part) => [part, 'implant']));
const afterEncryption: NightTaken['done'] = Object.fromEntries(PARTS.map((part) => [part, 'encryption']));

/**
 * The nights before the encryption, with real changes between them, and what was true of each service at each backup. Half of
 * them, the later ones, are taken with the intruder already there: days of usual work, from the outside.
 */
export async function nights(running: Running, count: number): Promise<NightTaken[]> {
  const { stage } = running;
  const today = Date.now();
  const spared = Math.ceil(count / 2);
  const taken: NightTaken[] = [];
  for (let night = 1; night <= count + 1; night += 1) {
    if (night === spared + 1) intrude(running);
    if (night > count) break;
    stage('nights', `${night}/${count}`);
    const at = new Date(Math.floor((today - (count - night + 1) * DAY) / 1000) * 1000);
    taken.push({ ...(await takeNight(running, at)), done: night > spared ? afterImplant : {} });
  }
  // Today's work, which no night holds: what going back will lose.
  await work(running, new Date(today));
  return taken;
}

/** Six hours of messages, up to that moment. Where the record system says «not now», they are sent again, as senders do. */
async function work(running: Running, to: Date): Promise<void> {
  const { feed } = running.hospital;
  const settled = () => feed.counts().acknowledged + feed.counts().refused;
  const before = settled();
  for (let tries = 1; ; tries += 1) {
    const left = MESSAGES - (settled() - before);
    const from = new Date(to.getTime() - (DAY / 4) * (left / MESSAGES));
    try {
      await feed.send(left, { from, to });
      return;
    } catch (error) {
      if (tries === SEND_TRIES) throw error;
      await everyServiceUp(running);
    }
  }
}

async function takeNight(running: Running, at: Date): Promise<Night> {
  const { establishment, hospital, signal, failures } = running;
  await work(running, at);
  await hospital.addStudies(2, at);
  for (let tries = 1; ; tries += 1) {
    await everyServiceUp(running);
    const silent = await establishment.recordFacts(at, signal);
    if (silent.length === 0) break;
    // A busy machine lost sight of a service in between.
    if (tries < FACTS_TRIES) continue;
    for (const { probe, refusal } of silent) failures.push(`${probe}: ${refusal.code} ${refusal.kept ?? ''}`);
    break;
  }
  const night = await hospital.backups.takeNight(at);
  for (const part of night.parts) if (!part.ok) failures.push(`night ${at.toISOString()}: ${part.part} ${part.reason}`);
  return night;
}

/** First stage: a way back in, and nothing anybody would notice. */
function intrude({ hospital, stage }: Running): void {
  stage('implant', '');
  const { folder, folders } = hospital.description;
  for (const part of PARTS) {
    const implant = IMPLANTS[part];
    if (implant !== undefined) plant(folder, folders[part], implant);
  }
}

/** Second stage: really encrypts every data folder of the hospital; then the night comes all the same. */
export async function encrypt({
  hospital,
  stage,
  signal,
}: Running): Promise<{ report: AttackReport; night: NightTaken }> {
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
  const night = await backups.takeNight(new Date(Math.floor(Date.now() / 1000) * 1000));
  return { report, night: { ...night, done: afterEncryption } };
}
