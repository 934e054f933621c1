/** What an acknowledgement says (HL7 v2.5, section 2.15.8): MSA-1 and the control id it answers, MSA-2. */
export interface Acknowledgement {
  code: string;
  controlId: string;
}

const codes = ['AA', 'AE', 'AR', 'CA', 'CE', 'CR'];

/** Reads bytes of an outside system: anything that is not an acknowledgement is undefined, never an error. */
export function readAcknowledgement(message: string): Acknowledgement | undefined {
  const segments = message.split(/\r\n?|\n/);
  const header = segments[0] ?? '';
  if (!header.startsWith('MSH') || header.length < 8) return undefined;
  const separator = header.charAt(3);
  const fields = segments.find((segment) => segment.startsWith(`MSA${separator}`))?.split(separator);
  const code = fields?.[1]?.trim() ?? '';
  const controlId = fields?.[2]?.trim() ?? '';
  return codes.includes(code) ? { code, controlId } : undefined;
}

/** The application took it, or at least kept it: accept and commit acknowledgements of both modes. */
export const isAccepted = ({ code }: Acknowledgement): boolean => code === 'AA' || code === 'CA';
