import { FAMILY_NAMES, MEN, STREETS, WOMEN } from './names.ts';
import { PLACES, TOWNS } from './places.ts';
import type { Random } from './random.ts';

export type InsStatus = 'PROV' | 'VALI' | 'RECUP' | 'QUAL';

export interface Patient {
  /** Permanent patient identifier of the establishment. */
  ipp: string;
  birthName: string;
  usedName: string | null;
  givenNames: string;
  birthDate: string;
  sex: 'M' | 'F';
  birthPlaceInsee: string;
  birthPlace: string;
  /** Sent only when the identity is qualified (INS rules). */
  insMatricule: string | null;
  insOid: string | null;
  insStatus: InsStatus;
  address: string;
  postcode: string;
  town: string;
  phone: string;
}

/** The OID of *test* INS-NIR: nobody can take these numbers for a real person's. */
export const INS_TEST_OID = '1.2.250.1.213.1.4.10';

const DAY = 86_400_000;
const STATUSES: readonly { status: InsStatus; weight: number }[] = [
  { status: 'QUAL', weight: 68 },
  { status: 'VALI', weight: 16 },
  { status: 'RECUP', weight: 6 },
  { status: 'PROV', weight: 10 },
];

/** Order numbers in the NIR: the starting population's and the feed's never meet. */
export const NIR_ORDERS = { population: [1, 900], feed: [901, 999] } as const;

/** `taken` holds the matricules already given; the new one is added to it. */
export function makePatient(
  random: Random,
  ipp: string,
  now: number,
  orders: readonly [number, number],
  taken: Set<string>,
): Patient {
  const sex = random.chance(0.53) ? 'F' : 'M';
  const age = Math.min(101, Math.max(0, Math.round(random.normal(52, 27))));
  const born = new Date(now - age * 365.25 * DAY - random.between(0, 364) * DAY);
  const birthDate = born.toISOString().slice(0, 10);
  const place = random.weighted(PLACES);
  const givenNames = [...new Set([0, 1].map(() => random.pick(sex === 'F' ? WOMEN : MEN)))].join(' ');
  const insStatus = random.weighted(STATUSES).status;
  const qualified = insStatus === 'QUAL';
  const town = random.pick(TOWNS);
  return {
    ipp,
    birthName: random.pick(FAMILY_NAMES).toLocaleUpperCase('fr'),
    usedName: sex === 'F' && age > 24 && random.chance(0.45) ? random.pick(FAMILY_NAMES).toLocaleUpperCase('fr') : null,
    givenNames: givenNames.toLocaleUpperCase('fr'),
    birthDate,
    sex,
    birthPlaceInsee: place.insee,
    birthPlace: place.label,
    insMatricule: qualified
      ? freshNir(random, orders, taken, (order) => nir(sex, birthDate, place.insee, order))
      : null,
    insOid: qualified ? INS_TEST_OID : null,
    insStatus,
    address: `${random.between(1, 180)} ${random.pick(STREETS)}`,
    postcode: town.postcode,
    town: town.label,
    // 06 39 98 xx xx: the range the French regulator keeps for fiction.
    phone: `063998${String(random.between(0, 9999)).padStart(4, '0')}`,
  };
}

function freshNir(
  random: Random,
  orders: readonly [number, number],
  taken: Set<string>,
  withOrder: (order: string) => string,
): string {
  for (;;) {
    const drawn = withOrder(String(random.between(...orders)).padStart(3, '0'));
    if (taken.has(drawn)) continue;
    taken.add(drawn);
    return drawn;
  }
}

/** A NIR as INSEE builds it: sex, year, month, place, order; then the key, 97 less the remainder (2A is 19, 2B is 18). */
export function nir(sex: 'M' | 'F', birthDate: string, insee: string, order: string): string {
  const body = `${sex === 'M' ? '1' : '2'}${birthDate.slice(2, 4)}${birthDate.slice(5, 7)}${insee}${order}`;
  const number = BigInt(body.replace('2A', '19').replace('2B', '18'));
  return body + String(97n - (number % 97n)).padStart(2, '0');
}
