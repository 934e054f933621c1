import { z } from 'zod';
import type { Secrets } from '../../detect/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { ProbeSection } from '../../restore/configuration.ts';
import type { ClinicalProbe } from '../../restore/ports.ts';
import { DicomProbe, DicomQuestions } from './dicom.ts';
import { Hl7Probe, Hl7Questions } from './hl7.ts';
import { PostgresqlProbe, PostgresqlQuestions } from './postgresql.ts';
import { DicomwebProbe, DicomwebQuestions, FhirProbe, FhirQuestions } from './web.ts';

const Questions = z.discriminatedUnion('kind', [
  PostgresqlQuestions,
  FhirQuestions,
  DicomwebQuestions,
  DicomQuestions,
  Hl7Questions,
]);

/** A clinical probe as a section of the configuration describes it. */
export function configuredProbe(
  name: string,
  section: z.infer<typeof ProbeSection>,
  secrets: Secrets,
): Result<ClinicalProbe> {
  const { component: _component, port: _port, live: _live, ...asked } = section;
  const questions = Questions.safeParse(asked);
  if (!questions.success) {
    return refuse('probe-invalid', 'This clinical probe cannot be read.', {
      where: `probes.${name}`,
      expected: questions.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    });
  }
  switch (questions.data.kind) {
    case 'postgresql':
      return accept(new PostgresqlProbe(questions.data, secrets));
    case 'fhir':
      return accept(new FhirProbe(questions.data));
    case 'dicomweb':
      return accept(new DicomwebProbe(questions.data));
    case 'dicom':
      return accept(new DicomProbe(questions.data));
    case 'hl7':
      return accept(new Hl7Probe(questions.data));
  }
}
