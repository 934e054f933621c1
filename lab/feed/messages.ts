import { PANELS } from '../population/analyses.ts';
import { measured } from '../population/care.ts';
import type { Patient } from '../population/patient.ts';
import type { Random } from '../population/random.ts';
import type { Bed } from '../population/wards.ts';
import { WARDS } from '../population/wards.ts';

/** A patient the feed admitted and follows. */
export interface FollowedStay {
  patient: Patient;
  number: string;
  place: Bed;
  physicianRpps: string;
  reason: string;
  movements: number;
  orders: number;
}

export interface Outgoing {
  type: 'A01' | 'A02' | 'A03' | 'A08' | 'R01';
  controlId: string;
  text: string;
}

const HOSPITAL = 'CHVS&990000001&N';

/** HL7's TS with its zone: the messages mean the same whatever the machine's own. */
export const hl7Time = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}+0000`;

const escaped = (text: string): string =>
  text.replace(
    /[\\|^~&]/g,
    (one) => ({ '\\': '\\E\\', '|': '\\F\\', '^': '\\S\\', '~': '\\R\\', '&': '\\T\\' })[one] ?? one,
  );

const segment = (name: string, fields: { [field: number]: string }): string => {
  const last = Math.max(...Object.keys(fields).map(Number));
  return [name, ...Array.from({ length: last }, (_, index) => fields[index + 1] ?? '')].join('|');
};

/** MSH as IHE PAM France writes it; field numbers count from the separator, which is MSH-1. */
function header(type: string, structure: string, controlId: string, at: number, sender: string): string {
  const fields = ['^~\\&', sender, 'CHVS', 'DPI', 'CHVS', hl7Time(at), '', `${type}^${structure}`, controlId, 'P'];
  return [
    'MSH',
    ...fields,
    '2.5^FRA^2.11',
    '',
    '',
    '',
    '',
    'FRA',
    'UNICODE UTF-8',
    'FR',
    '',
    '2.11^IHE_FRANCE-2.11-PAM',
  ].join('|');
}

function identity(stay: FollowedStay): string {
  const { patient } = stay;
  const [first = '', ...others] = patient.givenNames.split(' ').map(escaped);
  const ins = patient.insMatricule
    ? `~${patient.insMatricule}^^^ASIP-SANTE-INS-NIR&${patient.insOid}&ISO^INS^^20240101`
    : '';
  return segment('PID', {
    1: '1',
    3: `${patient.ipp}^^^${HOSPITAL}^PI${ins}`,
    5: `${escaped(patient.birthName)}^${first}^${others.join(' ')}^^^^L${patient.usedName ? `~${escaped(patient.usedName)}^${first}^^^^^D` : ''}`,
    7: patient.birthDate.replaceAll('-', ''),
    8: patient.sex,
    11: `${escaped(patient.address)}^^${escaped(patient.town)}^^${patient.postcode}^FRA^H~^^${escaped(patient.birthPlace)}^^^^BDL^^${patient.birthPlaceInsee}`,
    13: `^PRN^CP^^^^^^^^^${patient.phone}`,
    18: `${stay.number}^^^${HOSPITAL}^AN`,
    32: patient.insStatus,
  });
}

const visit = (stay: FollowedStay): string =>
  segment('PV1', {
    1: '1',
    2: stay.place.ward === 'URG' ? 'E' : 'I',
    3: `${stay.place.ward}^${stay.place.room}^${stay.place.bed}^${HOSPITAL}^O`,
    7: `${stay.physicianRpps}^^^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^RPPS`,
    19: `${stay.number}^^^${HOSPITAL}^VN`,
  });

/** ZBE-3 is forbidden in France and stays empty; ZBE-7 and 8 name the functional unit in their tenth component. */
function movement(stay: FollowedStay, at: number): string {
  const unit = WARDS.find((ward) => ward.code === stay.place.ward)?.functionalUnit ?? '';
  const responsible = `${stay.place.ward}^^^^^${HOSPITAL}^UF^^^${unit}`;
  return segment('ZBE', {
    1: `${stay.number}-${stay.movements}^CHVS^990000001^N`,
    2: hl7Time(at),
    4: 'INSERT',
    5: 'N',
    7: responsible,
    8: responsible,
    9: 'HMS',
  });
}

export function movementMessage(
  type: 'A01' | 'A02' | 'A03',
  stay: FollowedStay,
  controlId: string,
  at: number,
): Outgoing {
  const structure = { A01: 'A01^ADT_A01', A02: 'A02^ADT_A02', A03: 'A03^ADT_A03' }[type];
  const lines = [header('ADT', structure, controlId, at, 'GAM'), `EVN||${hl7Time(at)}`, identity(stay), visit(stay)];
  if (type === 'A01') lines.push(segment('PV2', { 12: escaped(stay.reason) }));
  lines.push(movement(stay, at));
  return { type, controlId, text: `${lines.join('\r')}\r` };
}

export function identityMessage(stay: FollowedStay, controlId: string, at: number): Outgoing {
  const lines = [
    header('ADT', 'A08^ADT_A01', controlId, at, 'GAM'),
    `EVN||${hl7Time(at)}`,
    identity(stay),
    visit(stay),
  ];
  return { type: 'A08', controlId, text: `${lines.join('\r')}\r` };
}

export function resultMessage(random: Random, stay: FollowedStay, controlId: string, at: number): Outgoing {
  const panel = random.weighted(PANELS);
  const order = `L${stay.number}-${stay.orders}`;
  const lines = [
    header('ORU', 'R01^ORU_R01', controlId, at, 'SGL'),
    identity(stay),
    visit(stay),
    segment('OBR', {
      1: '1',
      2: order,
      3: order,
      4: `BIO^${escaped(panel.label)}^L`,
      7: hl7Time(at),
      15: escaped(panel.specimen),
    }),
    ...panel.analyses.map((analysis, index) => {
      const { value, flag } = measured(random, analysis);
      return segment('OBX', {
        1: String(index + 1),
        2: 'NM',
        3: `${analysis.loinc}^${escaped(analysis.label)}^LN`,
        5: String(value),
        6: analysis.unit,
        7: `${analysis.low}-${analysis.high}`,
        8: flag,
        11: 'F',
        14: hl7Time(at),
      });
    }),
  ];
  return { type: 'R01', controlId, text: `${lines.join('\r')}\r` };
}
