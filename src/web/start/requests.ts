import { useQuery } from '@tanstack/react-query';
import type { HospitalBody } from '../../server/protocol.ts';
import { ask } from '../access/requests.ts';

/** Whether the example still stands in the place of the hospital. */
export const useHospital = () =>
  useQuery({ queryKey: ['hospital'], queryFn: () => ask<HospitalBody>('GET', '/api/hospital') });
