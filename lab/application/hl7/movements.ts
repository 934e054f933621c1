import type pg from 'pg';
import { type Report, writeReport } from '../documents.ts';
import { readIdentity, saveIdentity } from './identity.ts';
import { Hl7Refusal, instant, type Message, required, type Segment } from './message.ts';

interface Place {
  ward: string;
  room: string | null;
  bed: string | null;
}

interface MovementSegment {
  id: string;
  at: string;
}

const ACTIONS = ['INSERT', 'UPDATE', 'CANCEL'];

/**
 * ZBE: 1 movement, 2 start, 4 action. Some senders fill field 3, which IHE France forbids, and shift the rest by one:
 * the action is looked for where it should be and one place further.
 */
function readMovement(message: Message): MovementSegment {
  const zbe = message.need('ZBE');
  const action = [zbe.get(4), zbe.get(5)].find((text) => ACTIONS.includes(text));
  if (action !== 'INSERT') {
    throw new Hl7Refusal('AE', action ? '200' : '101', 'ZBE^1^4', 'ZBE-4: this receiver takes INSERT only');
  }
  return { id: required(zbe, 1), at: instant(required(zbe, 2), 'ZBE^1^2') };
}

const placeOf = (pv1: Segment): Place => ({
  ward: required(pv1, 3),
  room: pv1.get(3, 2) || null,
  bed: pv1.get(3, 3) || null,
});

/** The stay's number: the administrative file in PID-18, else the visit in PV1-19. */
export function stayOf(message: Message): string {
  const number = message.need('PID').get(18) || message.find('PV1')?.get(19);
  if (!number) throw new Hl7Refusal('AE', '101', 'PID^1^18', 'neither PID-18 nor PV1-19 names the stay');
  return number;
}

async function openStay(client: pg.PoolClient, number: string): Promise<void> {
  const { rows } = await client.query<{ discharged_at: string | null }>(
    'select discharged_at from stay where number = $1 for update',
    [number],
  );
  const [stay] = rows;
  if (!stay) throw new Hl7Refusal('AE', '204', 'PID^1^18', 'no such stay');
  if (stay.discharged_at !== null) throw new Hl7Refusal('AE', '207', 'PID^1^18', 'this stay has ended');
}

/** IHE PAM: a movement is inserted at the end only. */
async function addMovement(
  client: pg.PoolClient,
  stay: string,
  event: string,
  movement: MovementSegment,
  place: Place,
): Promise<void> {
  const later = await client.query('select 1 from movement where stay_number = $1 and at > $2::timestamptz limit 1', [
    stay,
    movement.at,
  ]);
  if (later.rows.length > 0) throw new Hl7Refusal('AE', '207', 'ZBE^1^2', 'a later movement of this stay is known');
  await client.query(
    'insert into movement (id, stay_number, event, at, ward, room, bed) values ($1,$2,$3,$4,$5,$6,$7)',
    [movement.id, stay, event, movement.at, place.ward, place.room, place.bed],
  );
}

export async function admit(client: pg.PoolClient, message: Message): Promise<void> {
  const identity = readIdentity(message);
  const pv1 = message.need('PV1');
  const movement = readMovement(message);
  const place = placeOf(pv1);
  const number = stayOf(message);
  await saveIdentity(client, identity);
  const physician = pv1.get(7) || null;
  await client.query(
    `insert into stay (number, patient_ipp, class, ward, room, bed, admitted_at, reason, physician_rpps)
     values ($1, $2, $3, $4, $5, $6, $7, $8, (select rpps from professional where rpps = $9))`,
    [
      number,
      identity.ipp,
      pv1.get(2) === 'E' ? 'EMER' : pv1.get(2) === 'O' ? 'AMB' : 'IMP',
      place.ward,
      place.room,
      place.bed,
      movement.at,
      message.find('PV2')?.get(12) || message.find('PV2')?.get(3, 2) || null,
      physician,
    ],
  );
  await addMovement(client, number, 'A01', movement, place);
}

export async function transfer(client: pg.PoolClient, message: Message): Promise<void> {
  const place = placeOf(message.need('PV1'));
  const movement = readMovement(message);
  const number = stayOf(message);
  await openStay(client, number);
  await addMovement(client, number, 'A02', movement, place);
  await client.query('update stay set ward = $2, room = $3, bed = $4 where number = $1', [
    number,
    place.ward,
    place.room,
    place.bed,
  ]);
}

/** Ends the stay and writes its report: the file is on disk before the line that names it is committed. */
export async function discharge(client: pg.PoolClient, message: Message, dataFolder: string): Promise<void> {
  const place = placeOf(message.need('PV1'));
  const movement = readMovement(message);
  const number = stayOf(message);
  await openStay(client, number);
  await addMovement(client, number, 'A03', movement, place);
  await client.query('update stay set discharged_at = $2 where number = $1', [number, movement.at]);
  const { rows } = await client.query<Report>(
    `select s.number as "stayNumber", s.patient_ipp as "patientIpp", p.birth_name || ' ' || p.given_names as "patientName",
       p.birth_date as "birthDate", w.label as ward, s.admitted_at as "admittedAt", s.discharged_at as "dischargedAt", s.reason
     from stay s join patient p on p.ipp = s.patient_ipp join ward w on w.code = s.ward where s.number = $1`,
    [number],
  );
  const [report] = rows;
  if (!report) return;
  const row = await writeReport(dataFolder, report, true);
  await client.query(
    `insert into document (id, stay_number, patient_ipp, title, path, media_type, sha256, bytes, written_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [row.id, row.stayNumber, row.patientIpp, row.title, row.path, row.mediaType, row.sha256, row.bytes, row.writtenAt],
  );
}

export async function updateIdentity(client: pg.PoolClient, message: Message): Promise<void> {
  const identity = readIdentity(message);
  const known = await client.query('select 1 from patient where ipp = $1', [identity.ipp]);
  if (known.rows.length === 0) throw new Hl7Refusal('AE', '204', 'PID^1^3', 'no such patient');
  await saveIdentity(client, identity);
}
