import { flagOf, PANELS } from './analyses.ts';
import { ALLERGENS, MEDICINES } from './medicines.ts';
import type { Random } from './random.ts';
import type { Professional, Stay } from './stay.ts';
import type { Ward } from './wards.ts';

export interface Allergy {
  id: string;
  patientIpp: string;
  substance: string;
  category: string | null;
  criticality: string | null;
  reaction: string | null;
  verification: 'confirmed' | 'unconfirmed';
  recordedAt: string;
}

export interface Prescription {
  id: string;
  stayNumber: string;
  patientIpp: string;
  atc: string;
  label: string;
  dose: number;
  unit: string;
  route: string;
  timesPerDay: number;
  startsAt: string;
  endsAt: string | null;
  status: 'active' | 'completed' | 'stopped';
  prescriberRpps: string;
}

export interface Administration {
  id: string;
  prescriptionId: string;
  patientIpp: string;
  at: string;
  dose: number;
  unit: string;
  status: 'completed' | 'not-done';
  nurseRpps: string;
}

export interface LabOrder {
  id: string;
  stayNumber: string;
  patientIpp: string;
  panel: string;
  specimen: string;
  orderedAt: string;
  status: 'completed' | 'active';
}

export interface LabResult {
  id: string;
  orderId: string;
  patientIpp: string;
  loinc: string;
  label: string;
  value: number;
  unit: string;
  low: number;
  high: number;
  flag: 'L' | 'N' | 'H';
  at: string;
}

const HOUR = 3_600_000;
const iso = (at: number) => new Date(Math.round(at / 60_000) * 60_000).toISOString();

export const NONE_KNOWN = {
  substance: 'Aucune allergie connue',
  category: null,
  criticality: null,
  reaction: null,
  verification: 'confirmed',
} as const;

export function makeAllergies(random: Random, patientIpp: string, now: number): Allergy[] {
  // "None known" was asked and answered; no row at all means nobody asked: the two are never the same to a prescriber.
  if (random.chance(0.45)) return [{ ...NONE_KNOWN, id: `AL${patientIpp}-0`, patientIpp, recordedAt: iso(now) }];
  const count = random.chance(0.55) ? random.between(1, 3) : 0;
  const found = new Map(Array.from({ length: count }, () => random.weighted(ALLERGENS)).map((one) => [one.label, one]));
  return [...found.values()].map((allergen, index) => ({
    id: `AL${patientIpp}-${index + 1}`,
    patientIpp,
    substance: allergen.label,
    category: allergen.category,
    criticality: allergen.criticality,
    reaction: allergen.reaction,
    verification: random.chance(0.8) ? 'confirmed' : 'unconfirmed',
    recordedAt: iso(now - random.next() * 2000 * 24 * HOUR),
  }));
}

/** What was prescribed and given: administrations only of the stay's last two days, as a chart keeps them at hand. */
export function makePrescriptions(
  random: Random,
  stay: Stay,
  ward: Ward,
  now: number,
  nurses: readonly Professional[],
): { prescriptions: Prescription[]; administrations: Administration[] } {
  const critical = ward.kind === 'critical';
  const choice = MEDICINES.filter((medicine) => critical || !medicine.criticalOnly);
  const start = Date.parse(stay.admittedAt);
  const end = stay.dischargedAt === null ? now : Date.parse(stay.dischargedAt);
  const count = random.between(1, critical ? 7 : 4);
  const chosen = new Map(Array.from({ length: count }, () => random.weighted(choice)).map((one) => [one.label, one]));
  const prescriptions: Prescription[] = [];
  const administrations: Administration[] = [];
  for (const medicine of chosen.values()) {
    const id = `P${stay.number}-${prescriptions.length + 1}`;
    const startsAt = Math.min(end, start + random.next() * 6 * HOUR);
    prescriptions.push({
      id,
      stayNumber: stay.number,
      patientIpp: stay.patientIpp,
      atc: medicine.atc,
      label: medicine.label,
      dose: medicine.dose,
      unit: medicine.unit,
      route: medicine.route,
      timesPerDay: medicine.timesPerDay,
      startsAt: iso(startsAt),
      endsAt: stay.dischargedAt,
      status: stay.dischargedAt === null ? 'active' : random.chance(0.9) ? 'completed' : 'stopped',
      prescriberRpps: stay.physicianRpps,
    });
    const every = (24 / medicine.timesPerDay) * HOUR;
    for (let at = Math.max(startsAt, end - 48 * HOUR), index = 1; at < end; at += every, index++) {
      administrations.push({
        id: `${id}-${index}`,
        prescriptionId: id,
        patientIpp: stay.patientIpp,
        at: iso(at + random.next() * HOUR),
        dose: medicine.dose,
        unit: medicine.unit,
        status: random.chance(0.97) ? 'completed' : 'not-done',
        nurseRpps: random.pick(nurses).rpps,
      });
    }
  }
  return { prescriptions, administrations };
}

/** Orders through the stay; the last one of a present patient may still wait for its results. */
export function makeLaboratory(random: Random, stay: Stay, now: number, orders: number): [LabOrder[], LabResult[]] {
  const start = Date.parse(stay.admittedAt);
  const end = stay.dischargedAt === null ? now : Date.parse(stay.dischargedAt);
  const made: LabOrder[] = [];
  const results: LabResult[] = [];
  for (let index = 1; index <= orders; index++) {
    const panel = random.weighted(PANELS);
    const orderedAt = start + ((index - 1 + random.next()) / orders) * (end - start);
    const id = `L${stay.number}-${index}`;
    const waiting = stay.dischargedAt === null && now - orderedAt < 2 * HOUR;
    made.push({
      id,
      stayNumber: stay.number,
      patientIpp: stay.patientIpp,
      panel: panel.label,
      specimen: panel.specimen,
      orderedAt: iso(orderedAt),
      status: waiting ? 'active' : 'completed',
    });
    if (waiting) continue;
    for (const [rank, analysis] of panel.analyses.entries()) {
      results.push({
        id: `${id}-${rank + 1}`,
        orderId: id,
        patientIpp: stay.patientIpp,
        loinc: analysis.loinc,
        label: analysis.label,
        unit: analysis.unit,
        low: analysis.low,
        high: analysis.high,
        ...measured(random, analysis),
        at: iso(Math.min(end, orderedAt + (0.5 + random.next() * 1.5) * HOUR)),
      });
    }
  }
  return [made, results];
}

/** Mostly inside its interval; a few values well outside, as wards see them. */
export function measured(random: Random, analysis: { low: number; high: number; decimals: number }) {
  const { low, high, decimals } = analysis;
  const middle = (low + high) / 2;
  const spread = (high - low) / (random.chance(0.2) ? 1.6 : 4.5);
  const value = Number(Math.max(low * 0.4, random.normal(middle, spread)).toFixed(decimals));
  return { value, flag: flagOf(value, analysis) };
}
