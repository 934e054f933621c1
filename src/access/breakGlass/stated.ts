import { accept, type Result, refuse } from '../../journal/result.ts';
import { breakGlassLimits as limits } from './limits.ts';

/** Who and why, as a reviewer will read them: said in a few words at least, and kept as written. */
export function stated(name: string, reason: string): Result<{ name: string; reason: string }> {
  const [who, why] = [name.normalize('NFC').trim(), reason.normalize('NFC').trim()];
  if ([...who].length < limits.nameCharactersMin || !/\p{L}/u.test(who)) return nameMissing;
  if ([...why].length < limits.reasonCharactersMin || !/\p{L}/u.test(why)) return reasonMissing;
  return accept({ name: who, reason: why });
}

const nameMissing = refuse('break-glass-name-missing', 'Whoever opens a break-glass says who they are.', {
  expected: 'first and last name',
});
const reasonMissing = refuse('break-glass-reason-missing', 'Whoever opens a break-glass says why.', {
  expected: 'a few words',
});
