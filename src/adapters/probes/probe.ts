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

/** Everything wrong with a probe's section, each with its place inside it. */
export function probeProblems(section: z.infer<typeof ProbeSection>): { path: PropertyKey[]; message: string }[] {
  const read = Questions.safeParse(questionsOf(section));
  return read.success ? [] : read.error.issues.map(({ path, message }) => ({ path, message }));
}

/** What a section says of the questions alone: where they are asked is the same for every kind. */
function questionsOf({ component: _component, port: _port, live: _live, ...questions }: z.infer<typeof ProbeSection>) {
  return questions;
}

/** A clinical probe as a section of the configuration describes it. */
export function configuredProbe(
  name: string,
  section: z.infer<typeof ProbeSection>,
  secrets: Secrets,
): Result<ClinicalProbe> {
  const questions = Questions.safeParse(questionsOf(section));
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
