import { memoryStores } from './memoryStores.ts';
import { accessStoresContract } from './stores.contract.ts';

accessStoresContract('memory', false, () => {
  const stores = memoryStores();
  return { stores, reopen: () => stores, close: () => undefined };
});
