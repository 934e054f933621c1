import { type DocumentRow, writeReport } from '../application/documents.ts';
import type { Population } from './population.ts';
import { WARDS } from './wards.ts';

const REPORTS_MAX = 400;

/** Discharge reports of the most recent stays, as files below the application's folder; returns the database's lines. */
export async function writeReports(dataFolder: string, population: Population): Promise<DocumentRow[]> {
  const patients = new Map(population.patients.map((patient) => [patient.ipp, patient]));
  const wards = new Map(WARDS.map((ward) => [ward.code, ward.label]));
  const ended = population.stays
    .flatMap((stay) =>
      stay.dischargedAt === null || stay.class === 'EMER' ? [] : [{ ...stay, dischargedAt: stay.dischargedAt }],
    )
    .sort((one, other) => (one.dischargedAt < other.dischargedAt ? 1 : -1))
    .slice(0, REPORTS_MAX);
  return Promise.all(
    ended.map((stay) => {
      const patient = patients.get(stay.patientIpp);
      if (!patient) throw new Error(`stay ${stay.number} names an unknown patient`);
      const report = {
        stayNumber: stay.number,
        patientIpp: stay.patientIpp,
        patientName: `${patient.birthName} ${patient.givenNames}`,
        birthDate: patient.birthDate,
        ward: wards.get(stay.ward) ?? stay.ward,
        admittedAt: stay.admittedAt,
        dischargedAt: stay.dischargedAt,
        reason: stay.reason,
      };
      return writeReport(dataFolder, report, false);
    }),
  );
}
