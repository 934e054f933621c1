import { parentPort, workerData } from 'node:worker_threads';
import { compile } from '../../map/compile.ts';
import type { HospitalMap } from '../../map/model.ts';
import { usualBounds, weakPoints } from '../../map/weakPoints/weakPoints.ts';
import type { FromWorker } from './WeakPointsDesk.ts';

/** Larger sets are many, and teach nobody anything: three failures at once. */
const orderMax = 3;

const document = workerData as HospitalMap;
const tell = (message: FromWorker) => parentPort?.postMessage(message);
const functions = document.careFunctions.length;
let read = 0;
const seconds = (): number => {
  // The clock is read when a care function is begun, and when it is done.
  read += 1;
  if (read % 2 === 0) tell({ kind: 'progress', done: Math.min(functions, read / 2) });
  return performance.now() / 1000;
};
const found = weakPoints(compile(document), { ...usualBounds, listedMax: 60, importantMax: 12, orderMax, seconds });
tell({ kind: 'found', found, orderMax });
