import { coding, concept, practitioner, type Resource, reference, SYSTEMS } from './resource.ts';
import { type Condition, dateOf, patientIs, type SqlSource, token } from './search.ts';

interface PatientRow {
  ipp: string;
  birth_name: string;
  used_name: string | null;
  given_names: string;
  birth_date: string;
  sex: 'M' | 'F';
  birth_place_insee: string | null;
  birth_place: string | null;
  ins_matricule: string | null;
  ins_oid: string | null;
  ins_status: string;
  address: string | null;
  postcode: string | null;
  town: string | null;
  phone: string | null;
  updated_at: string;
}

const FR_CORE = 'https://hl7.fr/ig/fhir/core';

/** IPP by its system or bare; INS by its OID or bare. */
function patientIdentifier(text: string): Condition {
  const [system, value] = text.includes('|') ? text.split('|', 2) : [undefined, text];
  if (system === SYSTEMS.ipp) return { sql: 'ipp = $', value: value ?? '' };
  if (system !== undefined) return { sql: `'urn:oid:' || ins_oid || '|' || ins_matricule = $`, value: text };
  return { sql: '(ipp = $ or ins_matricule = $)', value: text };
}

export const patients: SqlSource<PatientRow> = {
  select: 'select * from patient',
  from: 'from patient',
  id: 'ipp',
  parameters: {
    identifier: patientIdentifier,
    family: (value) => ({
      sql: "(birth_name ilike replace($, '%', '') || '%' or used_name ilike replace($, '%', '') || '%')",
      value,
    }),
    birthdate: (value) => ({ sql: 'birth_date = $::date', value }),
  },
  toResource: (row) => ({
    resourceType: 'Patient',
    id: row.ipp,
    meta: {
      lastUpdated: row.updated_at,
      profile: [`${FR_CORE}/StructureDefinition/${row.ins_matricule ? 'fr-core-patient-ins' : 'fr-core-patient'}`],
    },
    extension: [
      {
        url: `${FR_CORE}/StructureDefinition/fr-core-identity-reliability`,
        extension: [
          { url: 'identityStatus', valueCoding: coding(`${FR_CORE}/CodeSystem/fr-core-cs-v2-0445`, row.ins_status) },
        ],
      },
      ...(row.birth_place_insee ? [birthPlace(row.birth_place_insee, row.birth_place)] : []),
    ],
    identifier: [
      {
        use: 'usual',
        type: { coding: [coding('http://terminology.hl7.org/CodeSystem/v2-0203', 'PI')] },
        system: SYSTEMS.ipp,
        value: row.ipp,
      },
      ...(row.ins_matricule
        ? [
            {
              use: 'official',
              type: { coding: [coding(`${FR_CORE}/CodeSystem/fr-core-cs-v2-0203`, 'INS-NIR')] },
              system: `urn:oid:${row.ins_oid}`,
              value: row.ins_matricule,
            },
          ]
        : []),
    ],
    active: true,
    name: [
      { use: 'official', family: row.birth_name, given: row.given_names.split(' ') },
      ...(row.used_name
        ? [{ use: 'usual', family: row.used_name, given: row.given_names.split(' ').slice(0, 1) }]
        : []),
    ],
    telecom: row.phone ? [{ system: 'phone', value: row.phone, use: 'mobile' }] : undefined,
    gender: row.sex === 'F' ? 'female' : 'male',
    birthDate: row.birth_date,
    address: row.town
      ? [
          {
            use: 'home',
            line: row.address ? [row.address] : undefined,
            city: row.town,
            postalCode: row.postcode,
            country: 'FRA',
          },
        ]
      : undefined,
  }),
};

const birthPlace = (insee: string, label: string | null) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace',
  valueAddress: {
    extension: [
      {
        url: `${FR_CORE}/StructureDefinition/fr-core-address-insee-code`,
        valueCoding: coding('https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM', insee),
      },
    ],
    city: label ?? undefined,
  },
});

interface EncounterRow {
  number: string;
  patient_ipp: string;
  class: 'EMER' | 'IMP' | 'AMB';
  ward: string;
  ward_label: string;
  functional_unit: string;
  room: string | null;
  bed: string | null;
  admitted_at: string;
  discharged_at: string | null;
  reason: string | null;
  physician_rpps: string | null;
  physician: string | null;
}

const CLASSES = { EMER: 'emergency', IMP: 'inpatient encounter', AMB: 'ambulatory' } as const;
const encounterFrom =
  'from stay s join ward w on w.code = s.ward left join professional p on p.rpps = s.physician_rpps';

export const encounters: SqlSource<EncounterRow> = {
  select: `select s.*, w.label as ward_label, w.functional_unit, p.given || ' ' || p.family as physician ${encounterFrom}`,
  from: encounterFrom,
  id: 's.number',
  parameters: {
    patient: patientIs('s.patient_ipp'),
    identifier: token('s.number', SYSTEMS.stay),
    status: (value) => ({
      sql: "case when s.discharged_at is null then 'in-progress' else 'finished' end = any(string_to_array($, ','))",
      value,
    }),
    class: (value) => ({ sql: 's.class = $', value }),
    date: dateOf('s.admitted_at'),
    // The ward's code or its unité fonctionnelle: what a ward asks to see its own patients.
    'location.identifier': (value) => ({ sql: '(s.ward = $ or w.functional_unit = $)', value }),
  },
  toResource: (row) => ({
    resourceType: 'Encounter',
    id: row.number,
    identifier: [{ use: 'official', system: SYSTEMS.stay, value: row.number }],
    status: row.discharged_at === null ? 'in-progress' : 'finished',
    class: coding('http://terminology.hl7.org/CodeSystem/v3-ActCode', row.class, CLASSES[row.class]),
    subject: reference('Patient', row.patient_ipp),
    participant: row.physician_rpps ? [{ individual: practitioner(row.physician_rpps, row.physician) }] : undefined,
    period: { start: row.admitted_at, end: row.discharged_at ?? undefined },
    reasonCode: row.reason ? [{ text: row.reason }] : undefined,
    location: [
      {
        location: {
          identifier: { system: SYSTEMS.ward, value: row.functional_unit },
          display: [row.ward_label, row.room && `chambre ${row.room}`, row.bed && `lit ${row.bed}`]
            .filter(Boolean)
            .join(', '),
        },
        status: row.discharged_at === null ? 'active' : 'completed',
      },
    ],
  }),
};

interface AppointmentRow {
  id: string;
  patient_ipp: string;
  room: string;
  starts_at: string;
  ends_at: string;
  procedure: string;
  surgeon_rpps: string;
  surgeon: string;
  anaesthetist_rpps: string;
  anaesthetist: string;
  status: 'booked' | 'fulfilled' | 'cancelled';
}

const appointmentFrom = `from operation o
  join professional s on s.rpps = o.surgeon_rpps join professional a on a.rpps = o.anaesthetist_rpps`;

/** The operating schedule. */
export const appointments: SqlSource<AppointmentRow> = {
  select: `select o.*, s.given || ' ' || s.family as surgeon, a.given || ' ' || a.family as anaesthetist ${appointmentFrom}`,
  from: appointmentFrom,
  id: 'o.id',
  parameters: {
    patient: patientIs('o.patient_ipp'),
    status: (value) => ({ sql: 'o.status = $', value }),
    date: dateOf('o.starts_at'),
  },
  toResource: (row): Resource => {
    const accepted = 'accepted';
    return {
      resourceType: 'Appointment',
      id: row.id,
      status: row.status,
      cancelationReason: row.status === 'cancelled' ? { text: 'Intervention annulée' } : undefined,
      serviceType: [concept('http://snomed.info/sct', '387713003', 'Intervention chirurgicale')],
      description: row.procedure,
      start: row.starts_at,
      end: row.ends_at,
      participant: [
        { actor: reference('Patient', row.patient_ipp), status: accepted },
        { actor: { type: 'Location', display: row.room }, status: accepted },
        { actor: practitioner(row.surgeon_rpps, row.surgeon), status: accepted },
        { actor: practitioner(row.anaesthetist_rpps, row.anaesthetist), status: accepted },
      ],
    };
  },
};
