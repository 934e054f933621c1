import { waitsForPerson } from '../../src/restore/progress.ts';
import type { RecoveringComponent, Recovery } from '../../src/restore/state.ts';
import { type Running, until } from './running.ts';

/**
 * Waits until Reflexe itself has seen the encryption and opened its incident. Yields when it first said something of it: a busy
 * machine may have had an incident before, of an answer that came too late.
 */
export async function detection(running: Running, attackedAt: string): Promise<string> {
  const { stage } = running;
  stage('detection', '');
  const state = await until(running, 'an incident with a sign of ransomware', ({ activate }) =>
    Object.values(activate.incidents).some((incident) => incident.plans.some((plan) => plan.plan === 'rancongiciel')),
  );
  const incidents = Object.values(state.activate.incidents);
  stage('detection', incidents[0]?.cause ?? '');
  const said = incidents.flatMap(({ log }) => log.map(({ at }) => at)).filter((at) => at >= attackedAt);
  return said.toSorted()[0] ?? new Date().toISOString();
}

/** Waits until Reflexe has brought back everything it can by itself. */
export async function restoration(running: Running): Promise<void> {
  const { stage } = running;
  stage('restoration', '');
  await until(running, 'every component verified, or waiting for a person', ({ restore }) => {
    const recoveries = Object.values(restore.recoveries);
    const steps = recoveries.flatMap((recovery) => Object.values(recovery.components));
    stage('restoration', steps.map((one) => `${one.component}: ${currentStep(one.steps)}`).join(', '));
    return (
      recoveries.length > 0 &&
      recoveries.every((recovery) =>
        Object.values(recovery.components).every(
          (one) => one.steps.verify?.state === 'done' || cannotGoOn(recovery, one),
        ),
      )
    );
  });
}

/** It waits for a person, or for a component that does. */
function cannotGoOn(recovery: Recovery, component: RecoveringComponent): boolean {
  return (
    Object.values(component.steps).some((step) => waitsForPerson(step)) ||
    component.after.flatMap((below) => recovery.components[below] ?? []).some((below) => cannotGoOn(recovery, below))
  );
}

function currentStep(steps: { [step: string]: { state: string } | undefined }): string {
  const [step, last] = Object.entries(steps).at(-1) ?? ['…', undefined];
  return last === undefined ? step : `${step} ${last.state}`;
}
