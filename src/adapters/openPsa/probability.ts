import type { Definitions } from './definitions.ts';
import type { Element } from './elements.ts';

/** Parameters inside parameters. */
const depthMax = 50;
type Numbers = (values: readonly number[]) => number;
const operations: { readonly [name: string]: Numbers } = {
  neg: ([one = Number.NaN]) => -one,
  add: (values) => values.reduce((sum, one) => sum + one, 0),
  sub: ([first = Number.NaN, ...others]) => others.reduce((rest, one) => rest - one, first),
  mul: (values) => values.reduce((product, one) => product * one, 1),
  div: ([first = Number.NaN, ...others]) => others.reduce((rest, one) => rest / one, first),
  exp: ([one = Number.NaN]) => Math.exp(one),
  // Failures at a constant rate over a time, without repair.
  exponential: ([rate = Number.NaN, time = Number.NaN]) => -Math.expm1(-rate * time),
  // Deviates stand for their mean.
  'normal-deviate': ([mean = Number.NaN]) => mean,
  'lognormal-deviate': ([mean = Number.NaN]) => mean,
  'uniform-deviate': ([low = Number.NaN, high = Number.NaN]) => (low + high) / 2,
};

/** The probability an event is given; null where none is, or where its expression is one that is not evaluated here. */
export function probabilityOf(event: Element | undefined, { parameters }: Definitions): number | null {
  const expression = expressionOf(event);
  if (expression === undefined) return null;
  const value = evaluated(expression, parameters, 0);
  return value >= 0 && value <= 1 ? value : null;
}

const expressionOf = (definition: Element | undefined): Element | undefined =>
  definition?.children.find(({ name }) => name !== 'label' && name !== 'attributes');

/** NaN where it is not evaluated. */
function evaluated(
  { name, attributes, children }: Element,
  parameters: Definitions['parameters'],
  depth: number,
): number {
  if (depth > depthMax) return Number.NaN;
  if (name === 'float' || name === 'int') return Number(attributes.value ?? Number.NaN);
  if (name === 'bool') return attributes.value === 'true' ? 1 : 0;
  if (name === 'parameter') {
    const expression = expressionOf(parameters.get(attributes.name ?? ''));
    return expression === undefined ? Number.NaN : evaluated(expression, parameters, depth + 1);
  }
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  return operation?.(children.map((child) => evaluated(child, parameters, depth + 1))) ?? Number.NaN;
}
