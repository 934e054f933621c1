import { expect, test } from 'vitest';
import { mixed } from './test-order.ts';

const files = (text: string) => text.split(' ').map((name) => ({ name, project: { name: name.replace(/\d/, '') } }));

test('what waits and what works are mixed, the short ones come last, and none is lost', () => {
  const order = mixed(files('browser1 browser2 int1 int2 int3 int4 rooms1 unit1 unit2')).map(({ name }) => name);
  expect(order).toEqual('browser1 int1 int2 browser2 int3 int4 rooms1 unit1 unit2'.split(' '));
});
