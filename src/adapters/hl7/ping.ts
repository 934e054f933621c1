export interface PingNames {
  sendingApplication: string;
  sendingFacility: string;
  receivingApplication: string;
  receivingFacility: string;
}

/**
 * A question that asks nothing of patients and changes nothing: an application management query for the receiver's clock
 * (NMQ^N01, HL7 v2.5 section 14.3.1). An engine that does not know it refuses it with AE or AR, and that is an answer too.
 */
export function pingMessage(names: PingNames, controlId: string, now: number): string {
  const at = new Date(now).toISOString().replace(/[-:T]|\.\d+Z$/g, '');
  const { sendingApplication, sendingFacility, receivingApplication, receivingFacility } = names;
  const header = [
    'MSH',
    '^~\\&',
    sendingApplication,
    sendingFacility,
    receivingApplication,
    receivingFacility,
    `${at}+0000`,
    '',
    'NMQ^N01^NMQ_N01',
    controlId,
    'P',
    '2.5',
  ];
  return `${header.join('|')}\rNCK|${at}+0000\r`;
}
