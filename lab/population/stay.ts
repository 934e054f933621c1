import type { Patient } from './patient.ts';
import type { Random } from './random.ts';
import { REASONS } from './reasons.ts';
import { type Bed, bedsOf, WARDS, type Ward } from './wards.ts';

export interface Stay {
  /** Numéro de dossier administratif. */
  number: string;
  patientIpp: string;
  class: 'EMER' | 'IMP';
  ward: string;
  room: string | null;
  bed: string | null;
  admittedAt: string;
  dischargedAt: string | null;
  reason: string;
  physicianRpps: string;
}

export interface Movement {
  /** ZBE-1. */
  id: string;
  stayNumber: string;
  event: 'A01' | 'A02' | 'A03';
  at: string;
  ward: string;
  room: string | null;
  bed: string | null;
}

export interface Professional {
  rpps: string;
  family: string;
  given: string;
  profession: 'Médecin' | 'Infirmier' | 'Chirurgien' | 'Anesthésiste';
  ward: string;
}

/** Beds free at the moment the hospital starts; a bed holds one present patient. */
export class FreeBeds {
  #free = new Map(WARDS.map((ward) => [ward.code, bedsOf(ward)]));

  take(ward: string): Bed | undefined {
    return this.#free.get(ward)?.pop();
  }
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const iso = (at: number) => new Date(Math.round(at / 60_000) * 60_000).toISOString();

/** Wards that take this patient: by age, and women only in the maternity. */
export function wardsFor(patient: Pick<Patient, 'birthDate' | 'sex'>, now: number): Ward[] {
  const age = (now - Date.parse(patient.birthDate)) / (365.25 * DAY);
  return WARDS.filter((ward) => {
    if (ward.kind === 'paediatrics') return age < 17;
    if (ward.kind === 'obstetrics') return patient.sex === 'F' && age >= 16 && age < 48;
    if (ward.kind === 'geriatrics') return age >= 75;
    return ward.kind === 'emergency' || age >= 16;
  });
}

/** `earlier`: how many more recent stays this patient has; 0 may still be in the hospital. */
export function makeStay(
  random: Random,
  number: string,
  patient: Patient,
  earlier: number,
  now: number,
  physicians: readonly Professional[],
  beds: FreeBeds,
): { stay: Stay; movements: Movement[]; ward: Ward } {
  const ward = random.weighted(wardsFor(patient, now));
  const present = earlier === 0 && random.chance(0.12);
  const lasts = Math.max(0.1, random.normal(ward.stayDays, ward.stayDays / 3)) * DAY;
  const place = present ? beds.take(ward.code) : random.pick(bedsOf(ward));
  const discharged = place === undefined || !present;
  const admitted = discharged
    ? now - lasts - HOUR - (random.next() + 1.5 * earlier) * 120 * DAY
    : now - random.next() * lasts;
  const fromEmergency = ward.kind !== 'emergency' && random.chance(0.55);
  const here = { ward: ward.code, room: place?.room ?? null, bed: place?.bed ?? null };
  const stay: Stay = {
    number,
    patientIpp: patient.ipp,
    class: ward.kind === 'emergency' ? 'EMER' : 'IMP',
    ...here,
    admittedAt: iso(admitted),
    dischargedAt: discharged ? iso(admitted + lasts) : null,
    reason: random.pick(REASONS[ward.kind]),
    physicianRpps: random.pick(physicians.filter((physician) => physician.ward === ward.code)).rpps,
  };
  const movements: Movement[] = [];
  const move = (event: Movement['event'], at: number, where: Pick<Movement, 'ward' | 'room' | 'bed'>) =>
    movements.push({ id: `${number}-${movements.length + 1}`, stayNumber: number, event, at: iso(at), ...where });
  if (fromEmergency) {
    move('A01', admitted, { ward: 'URG', room: null, bed: null });
    move('A02', admitted + Math.min(4 * HOUR, (discharged ? lasts : now - admitted) / 2), here);
  } else move('A01', admitted, here);
  if (discharged) move('A03', admitted + lasts, here);
  return { stay, movements, ward };
}
