import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import { atLeast, atMost, type Condition, holds, judge, unanswered } from '../../detect/conditions.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { HttpUrl, httpFields, openAccess, unable } from '../http/access.ts';
import { askHttp, type HttpAnswer } from '../http/client.ts';
import { networkFailure } from '../tcp/failure.ts';
import { Milliseconds } from '../tcp/settings.ts';

const Limits = z.strictObject({
  /** Of a count: `Bundle.total`. */
  atLeast: z.number().int().nonnegative().optional(),
  /** `4.0.1`, or its beginning. */
  fhirVersion: z.string().optional(),
  millisecondsMax: Milliseconds.optional(),
});
type Limits = z.output<typeof Limits>;

/** The parts read of either answer (FHIR R4, CapabilityStatement and Bundle). */
const Resource = z.object({
  resourceType: z.string(),
  fhirVersion: z.string().optional(),
  total: z.number().int().nonnegative().optional(),
});

/** A FHIR server that states its capabilities, or counts what it holds. */
export const fhirCheck = checkKind({
  kind: 'fhir',
  settings: {
    baseUrl: HttpUrl,
    /** A search that only counts, such as `Patient?_summary=count`; without one, the CapabilityStatement is asked. */
    query: z
      .string()
      .regex(/^[A-Z][A-Za-z]+(\?[^#\s]*)?$/, 'expected a resource type and a search, such as Patient?_summary=count')
      .optional(),
    ...httpFields,
    expect: Limits.prefault({}),
    warn: Limits.prefault({}),
  },
  agree({ query, expect, warn }) {
    const counts = (expect.atLeast ?? warn.atLeast) !== undefined;
    const versions = (expect.fhirVersion ?? warn.fhirVersion) !== undefined;
    if (query === undefined) return counts ? [{ field: 'query', message: 'atLeast needs a query to count' }] : [];
    return versions ? [{ field: 'query', message: 'fhirVersion is in the CapabilityStatement: leave query out' }] : [];
  },
  ask({ baseUrl, query, expect, warn, ...settings }, edge: CheckEdge) {
    const url = new URL(
      query === undefined ? 'metadata' : counting(query),
      baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`,
    );
    return async (signal) => {
      const access = await openAccess(settings, edge);
      if (!access.ok) return unable(access);
      const from = edge.clock.monotonic();
      let answer: HttpAnswer;
      try {
        const headers = { accept: 'application/fhir+json', ...access.value.headers };
        answer = await askHttp({ url, method: 'GET', ...access.value, headers }, edge.clock.now(), signal);
      } catch (error) {
        return networkFailure(error);
      }
      const answerMilliseconds = Math.round(edge.clock.monotonic() - from);
      if (answer.status !== 200)
        return unanswered('fail', 'fhir-status', String(answer.status), { status: answer.status });
      const resource = Resource.safeParse(parse(answer.body));
      const wanted = query === undefined ? 'CapabilityStatement' : 'Bundle';
      if (!resource.success || resource.data.resourceType !== wanted) {
        return unanswered('fail', 'fhir-not-the-resource', `expected a ${wanted}`, { status: answer.status });
      }
      const { fhirVersion = null, total = null } = resource.data;
      const held = (limits: Limits) => conditions(limits, { fhirVersion, total, answerMilliseconds });
      const measured = query === undefined ? { fhirVersion } : { total };
      return judge(
        { status: answer.status, ...measured, answerMilliseconds },
        { expect: held(expect), warn: held(warn) },
      );
    };
  },
});

/** Only a count is asked, whatever the configuration forgot: a check must not fetch patients. */
function counting(query: string): string {
  const [type = '', search = ''] = query.split('?', 2);
  const parameters = new URLSearchParams(search);
  parameters.set('_summary', 'count');
  return `${type}?${parameters}`;
}

function conditions(
  limits: Limits,
  seen: { fhirVersion: string | null; total: number | null; answerMilliseconds: number },
): Condition[] {
  const { fhirVersion: version } = limits;
  const said = seen.fhirVersion ?? 'nothing';
  return [
    ...atLeast('atLeast', limits.atLeast, seen.total, 'fhir-count'),
    ...(version === undefined ? [] : [holds('fhirVersion', version, said, said.startsWith(version), 'fhir-version')]),
    ...atMost('millisecondsMax', limits.millisecondsMax, seen.answerMilliseconds, 'slow'),
  ];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
