import type Dimse from 'dcmjs-dimse';

let loading: Promise<typeof Dimse> | undefined;

/** The DICOM library weighs tens of megabytes and a second of start: it is loaded when something first speaks DICOM. */
export function dicomLibrary(): Promise<typeof Dimse> {
  loading ??= import('dcmjs-dimse').then(({ default: dimse }) => {
    // It tells what happens on the console, peers' texts included; what matters is told through checks and probes.
    dimse.log.disableAll();
    return dimse;
  });
  return loading;
}
