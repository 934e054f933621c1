import { createRequire } from 'node:module';
import type Dimse from 'dcmjs-dimse';
import { z } from 'zod';

let loading: Promise<typeof Dimse> | undefined;

/** The library's own library of formats: it is found where the first one finds it. */
const Formats = z.object({ log: z.object({ disableAll: z.function(), getLoggers: z.function() }) });

/** The DICOM library weighs tens of megabytes and a second of start: it is loaded when something first speaks DICOM. */
export function dicomLibrary(): Promise<typeof Dimse> {
  loading ??= import('dcmjs-dimse').then(({ default: dimse }) => {
    // Both tell what happens on the console, peers' texts included; what matters is told through checks and probes.
    dimse.log.disableAll();
    silenceFormats(createRequire(import.meta.resolve('dcmjs-dimse'))('dcmjs'));
    return dimse;
  });
  return loading;
}

function silenceFormats(formats: unknown): void {
  Formats.parse(formats);
  const { log } = formats as { log: Loggers };
  for (const logger of [log, ...Object.values(log.getLoggers())]) logger.disableAll();
}

interface Loggers {
  disableAll(): void;
  getLoggers(): { [name: string]: { disableAll(): void } };
}
