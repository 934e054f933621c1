import { coding, concept, practitioner, reference, SYSTEMS } from './resource.ts';
import { dateOf, equals, patientIs, type SqlSource, statusOf, token } from './search.ts';

interface AllergyRow {
  id: string;
  patient_ipp: string;
  substance: string;
  category: string | null;
  criticality: string | null;
  reaction: string | null;
  verification: string;
  recorded_at: string;
}

const NONE_KNOWN = 'Aucune allergie connue';
const ALLERGY_CODES = 'http://terminology.hl7.org/CodeSystem/allergyintolerance';

export const allergies: SqlSource<AllergyRow> = {
  select: 'select * from allergy',
  from: 'from allergy',
  id: 'id',
  parameters: { patient: patientIs('patient_ipp'), criticality: equals('criticality') },
  toResource: (row) => ({
    resourceType: 'AllergyIntolerance',
    id: row.id,
    clinicalStatus: { coding: [coding(`${ALLERGY_CODES}-clinical`, 'active')] },
    verificationStatus: { coding: [coding(`${ALLERGY_CODES}-verification`, row.verification)] },
    category: row.category ? [row.category] : undefined,
    criticality: row.criticality ?? undefined,
    // "None known" is a coded answer; no resource at all means nobody asked.
    code:
      row.substance === NONE_KNOWN
        ? concept('http://snomed.info/sct', '716186003', NONE_KNOWN)
        : { text: row.substance },
    patient: reference('Patient', row.patient_ipp),
    recordedDate: row.recorded_at,
    reaction: row.reaction ? [{ manifestation: [{ text: row.reaction }] }] : undefined,
  }),
};

interface PrescriptionRow {
  id: string;
  stay_number: string;
  patient_ipp: string;
  atc: string;
  label: string;
  dose: number;
  unit: string;
  route: string;
  times_per_day: number;
  starts_at: string;
  ends_at: string | null;
  status: string;
  prescriber_rpps: string;
  prescriber: string;
}

const ATC = 'http://www.whocc.no/atc';
const prescriptionFrom = 'from prescription m join professional p on p.rpps = m.prescriber_rpps';

export const prescriptions: SqlSource<PrescriptionRow> = {
  select: `select m.*, p.given || ' ' || p.family as prescriber ${prescriptionFrom}`,
  from: prescriptionFrom,
  id: 'm.id',
  parameters: {
    patient: patientIs('m.patient_ipp'),
    encounter: (value) => ({ sql: 'm.stay_number = $', value: value.replace(/^Encounter\//, '') }),
    status: equals('m.status'),
    code: token('m.atc', ATC),
    authoredon: dateOf('m.starts_at'),
  },
  toResource: (row) => ({
    resourceType: 'MedicationRequest',
    id: row.id,
    status: row.status,
    intent: 'order',
    medicationCodeableConcept: concept(ATC, row.atc, row.label),
    subject: reference('Patient', row.patient_ipp),
    encounter: reference('Encounter', row.stay_number),
    authoredOn: row.starts_at,
    requester: practitioner(row.prescriber_rpps, row.prescriber),
    dosageInstruction: [
      {
        text: `${row.dose} ${row.unit}, ${row.route}, ${row.times_per_day} fois par jour`,
        timing: {
          repeat: {
            boundsPeriod: { start: row.starts_at, end: row.ends_at ?? undefined },
            frequency: row.times_per_day,
            period: 1,
            periodUnit: 'd',
          },
        },
        route: { text: row.route },
        doseAndRate: [{ doseQuantity: { value: row.dose, unit: row.unit } }],
      },
    ],
  }),
};

interface AdministrationRow {
  id: string;
  prescription_id: string;
  patient_ipp: string;
  stay_number: string;
  atc: string;
  label: string;
  route: string;
  at: string;
  dose: number;
  unit: string;
  status: string;
  nurse_rpps: string;
  nurse: string;
}

const administrationFrom = `from administration a
  join prescription m on m.id = a.prescription_id join professional p on p.rpps = a.nurse_rpps`;

export const administrations: SqlSource<AdministrationRow> = {
  select: `select a.*, m.stay_number, m.atc, m.label, m.route, p.given || ' ' || p.family as nurse ${administrationFrom}`,
  from: administrationFrom,
  id: 'a.id',
  parameters: {
    patient: patientIs('a.patient_ipp'),
    request: (value) => ({ sql: 'a.prescription_id = $', value: value.replace(/^MedicationRequest\//, '') }),
    status: equals('a.status'),
    'effective-time': dateOf('a.at'),
  },
  toResource: (row) => ({
    resourceType: 'MedicationAdministration',
    id: row.id,
    status: row.status,
    medicationCodeableConcept: concept(ATC, row.atc, row.label),
    subject: reference('Patient', row.patient_ipp),
    context: reference('Encounter', row.stay_number),
    effectiveDateTime: row.at,
    performer: [{ actor: practitioner(row.nurse_rpps, row.nurse) }],
    request: reference('MedicationRequest', row.prescription_id),
    dosage: { route: { text: row.route }, dose: { value: row.dose, unit: row.unit } },
  }),
};

interface ResultRow {
  id: string;
  order_id: string;
  stay_number: string;
  panel: string;
  patient_ipp: string;
  loinc: string;
  label: string;
  value: number | null;
  value_text: string | null;
  unit: string | null;
  low: number | null;
  high: number | null;
  flag: string | null;
  at: string;
}

const UCUM = 'http://unitsofmeasure.org';
const LOINC = 'http://loinc.org';
const resultFrom = 'from lab_result r join lab_order o on o.id = r.order_id';

export const observations: SqlSource<ResultRow> = {
  select: `select r.*, o.stay_number, o.panel ${resultFrom}`,
  from: resultFrom,
  id: 'r.id',
  parameters: {
    patient: patientIs('r.patient_ipp'),
    identifier: token('r.order_id', SYSTEMS.document),
    encounter: (value) => ({ sql: 'o.stay_number = $', value: value.replace(/^Encounter\//, '') }),
    code: token('r.loinc', LOINC),
    date: dateOf('r.at'),
    category: statusOf("'laboratory'", { laboratory: 'laboratory' }),
  },
  toResource: (row) => {
    const quantity = (value: number | null) =>
      value === null
        ? undefined
        : { value, unit: row.unit ?? undefined, system: row.unit ? UCUM : undefined, code: row.unit ?? undefined };
    return {
      resourceType: 'Observation',
      id: row.id,
      identifier: [{ system: SYSTEMS.document, value: row.order_id }],
      status: 'final',
      category: [concept('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory', 'Laboratory')],
      code: concept(LOINC, row.loinc, row.label),
      subject: reference('Patient', row.patient_ipp),
      encounter: reference('Encounter', row.stay_number),
      effectiveDateTime: row.at,
      valueQuantity: quantity(row.value),
      valueString: row.value === null ? (row.value_text ?? undefined) : undefined,
      interpretation: row.flag
        ? [{ coding: [coding('http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', row.flag)] }]
        : undefined,
      referenceRange:
        row.low === null && row.high === null ? undefined : [{ low: quantity(row.low), high: quantity(row.high) }],
    };
  },
};

interface DocumentRow {
  id: string;
  stay_number: string;
  patient_ipp: string;
  title: string;
  media_type: string;
  sha256: string;
  bytes: number;
  written_at: string;
}

export const documentReferences: SqlSource<DocumentRow> = {
  select: 'select * from document',
  from: 'from document',
  id: 'id',
  parameters: {
    patient: patientIs('patient_ipp'),
    identifier: token('id', SYSTEMS.document),
    date: dateOf('written_at'),
  },
  toResource: (row) => ({
    resourceType: 'DocumentReference',
    id: row.id,
    identifier: [{ system: SYSTEMS.document, value: row.id }],
    status: 'current',
    type: concept(LOINC, '34105-7', 'Compte rendu d’hospitalisation'),
    subject: reference('Patient', row.patient_ipp),
    date: row.written_at,
    content: [
      {
        attachment: {
          contentType: row.media_type,
          url: `Binary/${row.id}`,
          size: row.bytes,
          title: row.title,
          creation: row.written_at,
        },
      },
    ],
    context: { encounter: [reference('Encounter', row.stay_number)] },
  }),
};
