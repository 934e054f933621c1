import type pg from 'pg';
import { Hl7Refusal, instant, type Message, required, type Segment } from './message.ts';

const INS_OIDS = ['8', '9', '10', '11'].map((last) => `1.2.250.1.213.1.4.${last}`);
const STATUSES = ['PROV', 'VALI', 'RECUP', 'QUAL'];

/** The patient a message is about, IHE PAM France: IPP of type PI, INS by its OID, status in PID-32, birthplace in PID-11. */
export interface Identity {
  ipp: string;
  birthName: string;
  usedName: string | null;
  givenNames: string;
  birthDate: string;
  sex: 'M' | 'F';
  birthPlaceInsee: string | null;
  birthPlace: string | null;
  insMatricule: string | null;
  insOid: string | null;
  insStatus: string;
  address: string | null;
  postcode: string | null;
  town: string | null;
  phone: string | null;
}

export function ippOf(pid: Segment): string {
  const ipp = pid.repetitions(3).find((one) => one.get(5) === 'PI' || one.get(5) === '');
  if (!ipp || ipp.get(1) === '') throw new Hl7Refusal('AE', '101', 'PID^1^3', 'PID-3 holds no identifier of type PI');
  return ipp.get(1);
}

export function readIdentity(message: Message): Identity {
  const pid = message.need('PID');
  const names = pid.repetitions(5);
  const birth = names.find((name) => name.get(7) === 'L') ?? names[0];
  if (!birth || birth.get(1) === '') throw new Hl7Refusal('AE', '101', 'PID^1^5', 'PID-5 holds no birth name');
  const used = names.find((name) => name.get(7) === 'D');
  const sex = required(pid, 8);
  if (sex !== 'M' && sex !== 'F') throw new Hl7Refusal('AE', '103', 'PID^1^8', 'PID-8: expected M or F');
  const addresses = pid.repetitions(11);
  const birthPlace = addresses.find((one) => one.get(7) === 'BDL');
  const home = addresses.find((one) => one.get(7) === 'H');
  const given = pid.get(32);
  const insStatus = STATUSES.includes(given) ? given : 'PROV';
  const ins = pid.repetitions(3).find((one) => INS_OIDS.includes(one.get(4, 2)));
  // A matricule under another status than QUAL is against the INS rules: the patient is taken, the matricule is not.
  const matricule = insStatus === 'QUAL' ? (ins?.get(1) ?? null) : null;
  return {
    ipp: ippOf(pid),
    birthName: birth.get(1),
    usedName: used && used.get(1) !== birth.get(1) ? used.get(1) : null,
    givenNames: [birth.get(2), birth.get(3)].filter(Boolean).join(' '),
    birthDate: instant(required(pid, 7), 'PID^1^7').slice(0, 10),
    sex,
    birthPlaceInsee: birthPlace?.get(9) || null,
    birthPlace: birthPlace?.get(3) || null,
    insMatricule: matricule,
    insOid: matricule === null ? null : (ins?.get(4, 2) ?? null),
    insStatus,
    address: home?.get(1) || null,
    postcode: home?.get(5) || null,
    town: home?.get(3) || null,
    phone: pid.get(13, 12) || pid.get(13) || null,
  };
}

export async function saveIdentity(client: pg.PoolClient, identity: Identity): Promise<void> {
  const columns: { [column: string]: string | null } = {
    ipp: identity.ipp,
    birth_name: identity.birthName,
    used_name: identity.usedName,
    given_names: identity.givenNames,
    birth_date: identity.birthDate,
    sex: identity.sex,
    birth_place_insee: identity.birthPlaceInsee,
    birth_place: identity.birthPlace,
    ins_matricule: identity.insMatricule,
    ins_oid: identity.insOid,
    ins_status: identity.insStatus,
    address: identity.address,
    postcode: identity.postcode,
    town: identity.town,
    phone: identity.phone,
  };
  const names = Object.keys(columns);
  await client.query(
    `insert into patient (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})
     on conflict (ipp) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}, updated_at = now()`,
    Object.values(columns),
  );
}
