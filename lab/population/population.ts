import {
  type Administration,
  type Allergy,
  type LabOrder,
  type LabResult,
  makeAllergies,
  makeLaboratory,
  makePrescriptions,
  type Prescription,
} from './care.ts';
import { FAMILY_NAMES, MEN, WOMEN } from './names.ts';
import { makeSchedule, type Operation } from './operating.ts';
import { makePatient, NIR_ORDERS, type Patient } from './patient.ts';
import { randomOf } from './random.ts';
import { FreeBeds, type Movement, makeStay, type Professional, type Stay } from './stay.ts';
import { WARDS } from './wards.ts';

export interface Population {
  professionals: Professional[];
  patients: Patient[];
  stays: Stay[];
  movements: Movement[];
  allergies: Allergy[];
  prescriptions: Prescription[];
  administrations: Administration[];
  labOrders: LabOrder[];
  labResults: LabResult[];
  operations: Operation[];
}

/** A whole synthetic hospital: the same seed, moment and size always give the same rows. `now` in milliseconds. */
export function makePopulation(seed: string | number, now: number, patientCount: number): Population {
  const random = randomOf(`population/${seed}`);
  const professionals = makeProfessionals(seed);
  const population: Population = {
    professionals,
    patients: [],
    stays: [],
    movements: [],
    allergies: [],
    prescriptions: [],
    administrations: [],
    labOrders: [],
    labResults: [],
    operations: [],
  };
  const beds = new FreeBeds();
  const matricules = new Set<string>();
  const physicians = professionals.filter((one) => one.profession === 'Médecin');
  for (let index = 1; index <= patientCount; index++) {
    const ipp = `8${String(index).padStart(7, '0')}`;
    const patient = makePatient(random, ipp, now, NIR_ORDERS.population, matricules);
    population.patients.push(patient);
    population.allergies.push(...makeAllergies(random, ipp, now));
    for (let earlier = random.between(0, 1); earlier >= 0; earlier--) {
      const number = `26${String(population.stays.length + 1).padStart(6, '0')}`;
      const { stay, movements, ward } = makeStay(random, number, patient, earlier, now, physicians, beds);
      population.stays.push(stay);
      population.movements.push(...movements);
      const nurses = professionals.filter((one) => one.profession === 'Infirmier' && one.ward === ward.code);
      const { prescriptions, administrations } = makePrescriptions(random, stay, ward, now, nurses);
      population.prescriptions.push(...prescriptions);
      population.administrations.push(...administrations);
      const [orders, results] = makeLaboratory(random, stay, now, random.between(2, 5));
      population.labOrders.push(...orders);
      population.labResults.push(...results);
    }
  }
  population.operations = makeSchedule(random, now, population.stays, professionals);
  return population;
}

export function makeProfessionals(seed: string | number): Professional[] {
  const random = randomOf(`professionals/${seed}`);
  const made: Professional[] = [];
  const add = (profession: Professional['profession'], ward: string) =>
    made.push({
      rpps: `899${String(made.length + 1).padStart(8, '0')}`,
      family: random.pick(FAMILY_NAMES).toLocaleUpperCase('fr'),
      given: random.pick(random.chance(0.55) ? WOMEN : MEN),
      profession,
      ward,
    });
  for (const ward of WARDS) {
    for (let count = 0; count < 4; count++) add('Médecin', ward.code);
    for (let count = 0; count < 8; count++) add('Infirmier', ward.code);
  }
  for (let count = 0; count < 8; count++) add('Chirurgien', count % 2 ? 'CHIV' : 'ORTH');
  for (let count = 0; count < 5; count++) add('Anesthésiste', 'REA');
  return made;
}
