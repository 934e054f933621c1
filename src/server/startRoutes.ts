import { z } from 'zod';
import { accept, type Result } from '../journal/result.ts';
import { HospitalMap } from '../map/model.ts';
import { type JsonRoute, jsonRoute } from './declare.ts';
import type { HospitalBody } from './protocol.ts';

const { finess } = HospitalMap.shape.establishment.shape;

export const NewHospital = z.strictObject({
  name: z.string().trim().min(1).max(200),
  finess,
  timeZone: z.string().max(100).refine(isTimeZone),
});
export type NewHospital = z.infer<typeof NewHospital>;

/** The example that a hub begins with, and the hospital that takes its place. */
export interface HospitalStart {
  stands(): 'example' | 'own';
  /** Puts the example away, once. `by`: who asked, as an actor. Resolves once the hospital is at work. */
  begin(hospital: NewHospital, by: string): Promise<Result<void>>;
}

/** Whether the example still stands, and beginning a hospital of one's own in its place. */
export function startRoutes(start: HospitalStart): JsonRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      url: '/api/hospital',
      act: 'worlds.see',
      handle: () => accept<HospitalBody>({ stands: start.stands() }),
    }),
    jsonRoute({
      method: 'POST',
      url: '/api/hospital/start',
      act: 'hospital.start',
      body: NewHospital,
      handle: ({ body, person }) => start.begin(body, `person:${person.id}`),
    }),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
