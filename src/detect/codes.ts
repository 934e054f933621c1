/** Why a state is what it is, as checks, silence and restoration say it. Stable: the journal keeps them, the interface has words for each. */
export const checkCodes = [
  ...(['ok', 'timeout', 'stopped', 'slow', 'check-error', 'means-missing'] as const),
  ...(['tcp-refused', 'tcp-reset', 'tcp-timeout', 'host-unreachable', 'name-not-found', 'network-failed'] as const),
  ...([
    'tls-expired',
    'tls-not-yet-valid',
    'tls-wrong-name',
    'tls-untrusted',
    'tls-failed',
    'certificate-ends-soon',
  ] as const),
  ...(['http-status', 'http-body', 'fhir-status', 'fhir-not-the-resource', 'fhir-version', 'fhir-count'] as const),
  ...(['sql-not-let-in', 'sql-no-database', 'sql-no-resources', 'sql-not-ready', 'sql-read-only'] as const),
  ...(['sql-query-invalid', 'sql-failed', 'sql-count'] as const),
  ...(['hl7-no-acknowledgement', 'hl7-other-message', 'hl7-refused', 'dicom-rejected', 'dicom-status'] as const),
  ...(['ups-on-battery', 'ups-low-battery', 'ups-off', 'ups-on-bypass', 'ups-replace-battery'] as const),
  ...([
    'ups-battery-not-charged',
    'ups-runtime',
    'ups-charge',
    'ups-load',
    'ups-temperature',
    'ups-source-unknown',
  ] as const),
  ...(['nut-unknown-device', 'nut-stale', 'nut-driver-stopped', 'nut-refused'] as const),
  ...(['canary-altered', 'canary-missing', 'canary-renamed', 'canary-unreadable'] as const),
  ...(['canary-folder-absent', 'canary-folder-unreadable', 'canary-record-unreadable'] as const),
  ...(['backup-mass-change', 'backup-mass-removal', 'backup-shrunk', 'backup-grown', 'backup-missing-night'] as const),
  ...(['backup-none', 'backup-damaged', 'backup-unreachable', 'backup-wrong-password'] as const),
  ...(['backup-source-unknown', 'backup-tool-missing'] as const),
  ...(['secret-missing', 'secret-too-open', 'file-unreadable'] as const),
  ...(['no-observation', 'not-yet-observed'] as const),
  ...(['restoration-restoring', 'restoration-up', 'restoration-unknown'] as const),
] as const;
export type CheckCode = (typeof checkCodes)[number];

export const isCheckCode = (code: string): code is CheckCode => checkCodes.some((known) => known === code);
