import type { Random } from './random.ts';
import { PROCEDURES } from './reasons.ts';
import type { Professional, Stay } from './stay.ts';
import { OPERATING_ROOMS } from './wards.ts';

export interface Operation {
  id: string;
  patientIpp: string;
  stayNumber: string | null;
  room: string;
  startsAt: string;
  endsAt: string;
  procedure: string;
  surgeonRpps: string;
  anaesthetistRpps: string;
  status: 'booked' | 'fulfilled' | 'cancelled';
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The operating schedule from ten days ago to five days ahead: rooms open at 08:00, one case after the other until 17:00. */
export function makeSchedule(
  random: Random,
  now: number,
  stays: readonly Stay[],
  professionals: readonly Professional[],
): Operation[] {
  const surgeons = professionals.filter((one) => one.profession === 'Chirurgien');
  const anaesthetists = professionals.filter((one) => one.profession === 'Anesthésiste');
  const surgical = stays.filter((stay) => ['CHIV', 'ORTH', 'MAT'].includes(stay.ward));
  const operations: Operation[] = [];
  const midnight = Math.floor(now / DAY) * DAY;
  for (let day = -10; day <= 5; day++) {
    for (const room of OPERATING_ROOMS) {
      let at = midnight + day * DAY + 8 * 60 * MINUTE;
      while (at < midnight + day * DAY + 16 * 60 * MINUTE) {
        const ends = at + random.between(4, 16) * 15 * MINUTE;
        const stay = random.pick(surgical);
        operations.push({
          id: `B${operations.length + 1}`,
          patientIpp: stay.patientIpp,
          stayNumber: stay.number,
          room,
          startsAt: new Date(at).toISOString(),
          endsAt: new Date(ends).toISOString(),
          procedure: random.pick(PROCEDURES),
          surgeonRpps: random.pick(surgeons).rpps,
          anaesthetistRpps: random.pick(anaesthetists).rpps,
          status: random.chance(0.05) ? 'cancelled' : ends < now ? 'fulfilled' : 'booked',
        });
        at = ends + 30 * MINUTE;
      }
    }
  }
  return operations;
}
