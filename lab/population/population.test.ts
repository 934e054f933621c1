import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nir } from './patient.ts';
import { makePopulation } from './population.ts';

const NOW = Date.parse('2026-03-01T02:00:00Z');
const digest = (seed: number) =>
  createHash('sha256')
    .update(JSON.stringify(makePopulation(seed, NOW, 200)))
    .digest('hex');

describe('the synthetic population', () => {
  const population = makePopulation(4, NOW, 600);

  it('is the same for the same seed and moment, another for another seed', () => {
    expect(digest(1)).toBe(digest(1));
    expect(digest(1)).not.toBe(digest(2));
  });

  it('gives a matricule to qualified identities only, each once, with the key INSEE asks for', () => {
    const given = population.patients.filter((patient) => patient.insMatricule !== null);
    expect(given.length).toBeGreaterThan(300);
    expect(new Set(given.map((patient) => patient.insMatricule)).size).toBe(given.length);
    for (const patient of population.patients) {
      expect(patient.insMatricule !== null).toBe(patient.insStatus === 'QUAL');
      if (patient.insMatricule === null) continue;
      const body = patient.insMatricule.slice(0, 13).replace('2A', '19').replace('2B', '18');
      expect((BigInt(body) + BigInt(patient.insMatricule.slice(13))) % 97n).toBe(0n);
    }
  });

  it('computes the key of known examples, and of a Corsican birth', () => {
    expect(nir('F', '1955-08-01', '14168', '025')).toBe('255081416802538');
    // The national agency's test patient.
    expect(nir('F', '1979-03-28', '51215', '189')).toBe('279035121518989');
    expect(nir('F', '1980-01-15', '2A004', '001')).toMatch(/^280012A004001\d\d$/);
  });

  it('puts one present patient in a bed at most, and never in two places', () => {
    const present = population.stays.filter((stay) => stay.dischargedAt === null);
    expect(present.length).toBeGreaterThan(20);
    const beds = present.map((stay) => `${stay.ward}/${stay.room}/${stay.bed}`);
    expect(new Set(beds).size).toBe(beds.length);
    expect(new Set(present.map((stay) => stay.patientIpp)).size).toBe(present.length);
  });

  it('keeps movements inside the stay and in order, admission first, discharge last', () => {
    for (const stay of population.stays) {
      const moves = population.movements.filter((movement) => movement.stayNumber === stay.number);
      expect(moves[0]?.event).toBe('A01');
      expect(moves.at(-1)?.event === 'A03').toBe(stay.dischargedAt !== null);
      expect(moves.map((move) => move.at)).toEqual(moves.map((move) => move.at).sort());
      expect(Date.parse(stay.admittedAt)).toBeLessThanOrEqual(NOW);
    }
  });

  it('admits to the maternity women of age only, and to paediatrics children only', () => {
    const byIpp = new Map(population.patients.map((patient) => [patient.ipp, patient]));
    for (const stay of population.stays) {
      const patient = byIpp.get(stay.patientIpp);
      if (stay.ward === 'MAT') expect(patient?.sex).toBe('F');
      if (stay.ward === 'PED') expect(Number(patient?.birthDate.slice(0, 4))).toBeGreaterThan(2007);
    }
  });
});
