export interface Ward {
  /** Short code printed on labels and used in PV1-3. */
  code: string;
  label: string;
  /** Unité fonctionnelle, ZBE-7 and ZBE-8. */
  functionalUnit: string;
  kind: 'emergency' | 'critical' | 'medicine' | 'surgery' | 'obstetrics' | 'paediatrics' | 'geriatrics';
  beds: number;
  /** Usual days in this ward. */
  stayDays: number;
  weight: number;
}

export const WARDS: readonly Ward[] = [
  {
    code: 'URG',
    label: 'Urgences adultes',
    functionalUnit: '1010',
    kind: 'emergency',
    beds: 24,
    stayDays: 0.4,
    weight: 34,
  },
  {
    code: 'UHCD',
    label: 'Unité d’hospitalisation de courte durée',
    functionalUnit: '1020',
    kind: 'emergency',
    beds: 12,
    stayDays: 1,
    weight: 6,
  },
  {
    code: 'REA',
    label: 'Réanimation polyvalente',
    functionalUnit: '2010',
    kind: 'critical',
    beds: 14,
    stayDays: 6,
    weight: 3,
  },
  {
    code: 'USC',
    label: 'Unité de surveillance continue',
    functionalUnit: '2020',
    kind: 'critical',
    beds: 8,
    stayDays: 3,
    weight: 2,
  },
  { code: 'CARD', label: 'Cardiologie', functionalUnit: '3010', kind: 'medicine', beds: 28, stayDays: 5, weight: 9 },
  { code: 'PNEU', label: 'Pneumologie', functionalUnit: '3020', kind: 'medicine', beds: 24, stayDays: 6, weight: 6 },
  {
    code: 'NEUR',
    label: 'Neurologie et unité neurovasculaire',
    functionalUnit: '3030',
    kind: 'medicine',
    beds: 22,
    stayDays: 6,
    weight: 5,
  },
  {
    code: 'MEDP',
    label: 'Médecine polyvalente',
    functionalUnit: '3040',
    kind: 'medicine',
    beds: 30,
    stayDays: 7,
    weight: 8,
  },
  {
    code: 'ONCO',
    label: 'Oncologie médicale',
    functionalUnit: '3050',
    kind: 'medicine',
    beds: 18,
    stayDays: 3,
    weight: 5,
  },
  {
    code: 'CHIV',
    label: 'Chirurgie viscérale',
    functionalUnit: '4010',
    kind: 'surgery',
    beds: 26,
    stayDays: 4,
    weight: 6,
  },
  {
    code: 'ORTH',
    label: 'Chirurgie orthopédique',
    functionalUnit: '4020',
    kind: 'surgery',
    beds: 26,
    stayDays: 4,
    weight: 6,
  },
  { code: 'MAT', label: 'Maternité', functionalUnit: '5010', kind: 'obstetrics', beds: 24, stayDays: 3, weight: 5 },
  { code: 'PED', label: 'Pédiatrie', functionalUnit: '5020', kind: 'paediatrics', beds: 20, stayDays: 2, weight: 4 },
  {
    code: 'GERI',
    label: 'Court séjour gériatrique',
    functionalUnit: '6010',
    kind: 'geriatrics',
    beds: 28,
    stayDays: 9,
    weight: 5,
  },
];

export interface Bed {
  ward: string;
  room: string;
  bed: string;
}

/** Two beds a room (door and window), one where patients are critical. */
export function bedsOf(ward: Ward): Bed[] {
  const perRoom = ward.kind === 'critical' ? 1 : 2;
  return Array.from({ length: ward.beds }, (_, index) => ({
    ward: ward.code,
    room: String(Number(ward.functionalUnit.slice(0, 1)) * 100 + 1 + Math.floor(index / perRoom)),
    bed: perRoom === 1 || index % 2 === 0 ? 'P' : 'F',
  }));
}

export const OPERATING_ROOMS = ['Bloc 1', 'Bloc 2', 'Bloc 3', 'Bloc 4', 'Salle de césarienne'] as const;
