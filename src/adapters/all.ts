import type { CheckKind } from '../detect/checks.ts';
import type { CheckEdge } from '../detect/ports.ts';
import { backupChangeCheck } from './backupChange/check.ts';
import { canaryCheck } from './canary/check.ts';
import { dicomCheck } from './dicom/check.ts';
import { fhirCheck } from './fhir/check.ts';
import { mllpCheck } from './hl7/check.ts';
import { httpCheck } from './http/check.ts';
import { nutCheck } from './nut/check.ts';
import { postgresqlCheck } from './postgres/check.ts';
import { tcpCheck } from './tcp/check.ts';

/** Every kind of check there is. A new one is one folder and one line here. */
export const checkKinds: readonly CheckKind<CheckEdge>[] = [
  tcpCheck,
  httpCheck,
  postgresqlCheck,
  fhirCheck,
  mllpCheck,
  dicomCheck,
  nutCheck,
  canaryCheck,
  backupChangeCheck,
];
