import type { HospitalCommand } from '../../src/main/hospital.ts';
import { compile } from '../../src/map/compile.ts';
import { isReadyToRelease } from '../../src/restore/progress.ts';
import { type Running, until } from './running.ts';

/** The person of the drill: does what a technician, the wards and the director would. */
const person = { actor: 'person:drill' } as const;

async function act({ establishment, failures }: Running, command: HospitalCommand): Promise<void> {
  const answer = await establishment.world.journal.queue.submit(command, person);
  if (!answer.ok) failures.push(`${command.type}: ${answer.refusal.code} ${answer.refusal.where ?? ''}`);
}

/** What people do in the first minutes: confine, warn, keep the traces, and hold each ward on paper. */
export async function containment(running: Running): Promise<void> {
  const { establishment, stage } = running;
  stage('containment', '');
  const document = establishment.world.state.map.document;
  if (document === null) throw new Error('the drill has a map');
  for (const incident of Object.values(establishment.world.state.activate.incidents)) {
    await act(running, { type: 'ChangeLevel', incident: incident.incident, level: 'planBlanc' });
    for (const plan of incident.plans) {
      for (const step of plan.steps.filter((one) => one.kind === 'human')) {
        await act(running, {
          type: 'FinishStep',
          incident: incident.incident,
          plan: plan.plan,
          step: step.id,
          outcome: 'done',
        });
      }
    }
    const map = compile(document);
    for (const id of incident.careFunctions) {
      const careFunction = map.careFunctions.get(id);
      if (careFunction?.degradedMode === undefined) continue;
      for (const ward of careFunction.wards) await act(running, { type: 'ConfirmHold', careFunction: id, ward });
    }
  }
}

/** A person releases each care function as soon as it may be, most vital first. */
export async function release(running: Running): Promise<void> {
  const { establishment, stage, failures } = running;
  stage('release', '');
  const { world } = establishment;
  const document = world.state.map.document;
  if (document === null) throw new Error('the drill has a map');
  const map = compile(document);
  for (const recovery of Object.values(world.state.restore.recoveries)) {
    for (const careFunction of map.careFunctions.values()) {
      if (!recovery.careFunctions.includes(careFunction.id)) continue;
      const ready = await until(running, `isolation proved for ${careFunction.id}`, ({ restore }) => {
        const now = restore.recoveries[recovery.recovery];
        return now !== undefined && isSettled(now, careFunction.id);
      });
      const now = ready.restore.recoveries[recovery.recovery];
      const verdict = now === undefined ? undefined : isReadyToRelease(now, careFunction.id);
      if (verdict?.ok === true)
        await act(running, {
          type: 'Release',
          recovery: recovery.recovery,
          careFunction: careFunction.id,
        });
      else
        failures.push(
          `${careFunction.id}: ${verdict?.refusal.code ?? 'no recovery'} ${verdict?.refusal.expected ?? ''}`,
        );
    }
  }
}

/** Nothing can change any more about whether it may be released: it may, or something it needs waits for a person. */
function isSettled(recovery: Parameters<typeof isReadyToRelease>[0], careFunction: string): boolean {
  const verdict = isReadyToRelease(recovery, careFunction);
  return verdict.ok || !verdict.refusal.retryable;
}
