import { expect, it } from 'vitest';
import { weightOf, worstFirst } from './rank.ts';

it('ranks what falls tier by tier: no number of small functions outweighs intensive care', () => {
  const tiers = new Map([
    ['icu', 1],
    ['meals', 3],
    ['linen', 3],
    ['archives', 3],
  ]);
  const meals = { id: 'kitchen', careFunctions: ['meals', 'linen', 'archives'] };
  const care = { id: 'ups', careFunctions: ['icu'] };
  expect(worstFirst([meals, care], tiers).map(({ id }) => id)).toEqual(['ups', 'kitchen']);
  expect(weightOf(care, tiers)).toEqual({ all: 1, vital: 1 });
});
