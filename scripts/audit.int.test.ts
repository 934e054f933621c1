import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const Report = z.looseObject({
  vulnerabilities: z.record(
    z.string(),
    z.looseObject({ severity: z.enum(['info', 'low', 'moderate', 'high', 'critical']), range: z.string() }),
  ),
  metadata: z.looseObject({ dependencies: z.looseObject({ prod: z.number() }) }),
});
const Failure = z.looseObject({
  message: z.string().optional(),
  error: z.looseObject({ summary: z.string() }).optional(),
});

type Audit = { known: string[]; examined: number } | { notRun: string };

/** What `npm audit --json` said: the grave vulnerabilities it knows of, or why it could not be asked. */
function readAudit(stdout: string): Audit {
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch {
    return { notRun: 'npm audit answered nothing that can be read' };
  }
  const report = Report.safeParse(document);
  if (report.success) {
    const grave = Object.entries(report.data.vulnerabilities).filter(([, { severity }]) =>
      /^(high|critical)$/.test(severity),
    );
    const known = grave.map(([name, { severity, range }]) => `${name} ${range}: ${severity}`);
    return { known, examined: report.data.metadata.dependencies.prod };
  }
  const failure = Failure.safeParse(document).data;
  const why = failure?.message ?? failure?.error?.summary ?? 'an unknown answer';
  // The address of a registry is the business of who runs this.
  return { notRun: why.replace(/https?:\/\/\S+/g, 'its address').split('\n')[0] ?? '' };
}

test('no package in production has a grave vulnerability that the registry knows of', (context) => {
  const args = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=30000'];
  const { stdout, error } = spawnSync('npm', args, {
    cwd: join(import.meta.dirname, '..'),
    timeout: 90_000,
    encoding: 'utf8',
  });
  const audit = error === undefined ? readAudit(stdout) : { notRun: error.message };
  if ('notRun' in audit) return context.skip(`not applicable: the registry in use offers no audit (${audit.notRun})`);
  expect(audit.known).toEqual([]);
  expect(audit.examined).toBeGreaterThan(50);
});

test('a grave vulnerability is seen, a slight one is not, and silence is no pass', () => {
  const vulnerability = (severity: string) => ({ severity, range: '<2.0.0', via: [] });
  const report = {
    vulnerabilities: { left: vulnerability('critical'), right: vulnerability('low') },
    metadata: { dependencies: { prod: 120 } },
  };
  expect(readAudit(JSON.stringify(report))).toEqual({ known: ['left <2.0.0: critical'], examined: 120 });
  expect(readAudit('{"message":"405 Method Not Allowed - POST https://registry.example/x"}')).toEqual({
    notRun: '405 Method Not Allowed - POST its address',
  });
  for (const silence of ['', '{}', 'null', '{"vulnerabilities":{}}'])
    expect(readAudit(silence)).toHaveProperty('notRun');
});
