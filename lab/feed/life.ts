import { makePatient, NIR_ORDERS } from '../population/patient.ts';
import { makeProfessionals } from '../population/population.ts';
import { type Random, randomOf } from '../population/random.ts';
import { REASONS } from '../population/reasons.ts';
import { wardsFor } from '../population/stay.ts';
import { bedsOf } from '../population/wards.ts';
import { type FollowedStay, identityMessage, movementMessage, type Outgoing, resultMessage } from './messages.ts';

const PRESENT_MAX = 60;

/** What happens to the patients the feed follows, one message at a time; the same seed gives the same life. */
export class Life {
  readonly #random: Random;
  readonly #seed: string;
  readonly #physicians;
  readonly #matricules = new Set<string>();
  #present: FollowedStay[] = [];
  #admitted = 0;
  #messages = 0;

  constructor(seed: string | number) {
    this.#seed = String(seed);
    this.#random = randomOf(`feed/${seed}`);
    this.#physicians = makeProfessionals(seed).filter((one) => one.profession === 'Médecin');
  }

  /** The next thing to happen, at `at` (milliseconds, never earlier than the one before). */
  next(at: number): Outgoing {
    this.#messages += 1;
    const controlId = `${this.#seed.slice(0, 10)}-${this.#messages}`;
    const draw = this.#random.next();
    const stay = this.#present.length > 0 ? this.#random.pick(this.#present) : undefined;
    if (!stay || (draw < 0.3 && this.#present.length < PRESENT_MAX)) return this.#admit(controlId, at);
    if (draw < 0.75) {
      stay.orders += 1;
      return resultMessage(this.#random, stay, controlId, at);
    }
    if (draw < 0.84) return this.#transfer(stay, controlId, at);
    if (draw < 0.95) return this.#discharge(stay, controlId, at);
    stay.patient = { ...stay.patient, insStatus: stay.patient.insMatricule ? 'QUAL' : 'VALI' };
    return identityMessage(stay, controlId, at);
  }

  #admit(controlId: string, at: number): Outgoing {
    this.#admitted += 1;
    // After every identity loaded at the start: the first ones stay the first.
    const ipp = `9${String(this.#admitted).padStart(7, '0')}`;
    const patient = makePatient(this.#random, ipp, at, NIR_ORDERS.feed, this.#matricules);
    const ward = this.#random.weighted(wardsFor(patient, at));
    const stay: FollowedStay = {
      patient,
      number: `27${String(this.#admitted).padStart(6, '0')}`,
      place: this.#random.pick(bedsOf(ward)),
      physicianRpps: this.#random.pick(this.#physicians.filter((one) => one.ward === ward.code)).rpps,
      reason: this.#random.pick(REASONS[ward.kind]),
      movements: 1,
      orders: 0,
    };
    this.#present.push(stay);
    return movementMessage('A01', stay, controlId, at);
  }

  #transfer(stay: FollowedStay, controlId: string, at: number): Outgoing {
    stay.place = this.#random.pick(bedsOf(this.#random.weighted(wardsFor(stay.patient, at))));
    stay.movements += 1;
    return movementMessage('A02', stay, controlId, at);
  }

  #discharge(stay: FollowedStay, controlId: string, at: number): Outgoing {
    this.#present = this.#present.filter((one) => one !== stay);
    stay.movements += 1;
    return movementMessage('A03', stay, controlId, at);
  }
}
