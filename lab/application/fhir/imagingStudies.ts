import type { ArchivedStudy, Imaging } from '../imaging.ts';
import { coding, FhirError, type Json, type Resource, reference } from './resource.ts';
import type { Search, Source } from './search.ts';

const DICOM_UID = 'urn:dicom:uid';
const DICOM_CODES = 'http://dicom.nema.org/resources/ontology/DCM';

/** `20260301` and `142530.5` as a FHIR instant of the day, without a zone when DICOM gives none. */
function startedAt(tags: { [tag: string]: string }): string | undefined {
  const date = /^(\d{4})(\d{2})(\d{2})$/.exec(tags.StudyDate ?? '');
  return date ? `${date[1]}-${date[2]}-${date[3]}` : undefined;
}

/** Studies as the picture archive knows them: nothing of them is kept in the record system. */
export function imagingStudySource(imaging: Imaging): Source {
  const queryOf = (search: Search): { [tag: string]: string } => {
    const query: { [tag: string]: string } = {};
    for (const { name, value } of search.filters) {
      if (name === 'patient') query.PatientID = value.replace(/^Patient\//, '');
      else if (name === 'identifier') query.StudyInstanceUID = value.replace(/^(urn:dicom:uid\|)?(urn:oid:)?/, '');
      else throw new FhirError(400, 'not-supported', `search parameter ${name} is not offered here`);
    }
    // Orthanc takes * and ? for any text and \ for a list: a search must name one thing.
    if (Object.values(query).some((value) => /[*?\\]/.test(value) || value === '')) {
      throw new FhirError(400, 'value', 'a search on studies names one patient or one study');
    }
    return query;
  };
  const byId = (search: Search) => search.filters.find(({ name }) => name === '_id')?.value.split(',');
  const toResource = async (study: ArchivedStudy): Promise<Resource> => {
    const tags = study.tags;
    const series = await imaging.series(study.id);
    return {
      resourceType: 'ImagingStudy',
      id: study.id,
      identifier: [{ system: DICOM_UID, value: `urn:oid:${tags.StudyInstanceUID ?? ''}` }],
      status: 'available',
      subject: reference('Patient', study.patientTags.PatientID ?? null),
      started: startedAt(tags),
      numberOfSeries: series.length,
      numberOfInstances: series.reduce((sum, one) => sum + one.instances, 0),
      description: tags.StudyDescription ?? undefined,
      series: series.map(
        (one): Json => ({
          uid: one.tags.SeriesInstanceUID,
          number: Number(one.tags.SeriesNumber ?? 1),
          modality: coding(DICOM_CODES, one.tags.Modality ?? 'OT'),
          numberOfInstances: one.instances,
        }),
      ),
    };
  };
  const read = async (id: string) => {
    const study = await imaging.study(id);
    return study && (await toResource(study));
  };
  const found = async (ids: readonly string[]) => (await Promise.all(ids.map(read))).filter((one) => one !== undefined);
  return {
    parameters: ['_id', 'patient', 'identifier'],
    async count(search) {
      const ids = byId(search);
      return ids ? (await found(ids)).length : await imaging.countStudies(queryOf(search));
    },
    async find(search) {
      const ids = byId(search);
      if (ids) return (await found(ids)).slice(search.offset, search.offset + search.count);
      const studies = await imaging.studies(queryOf(search), search.count, search.offset);
      return Promise.all(studies.map(toResource));
    },
    read,
  };
}
