import { journalStoreContract } from './contract.ts';
import { memoryStore } from './memory.ts';

journalStoreContract('memory', async () => ({ store: memoryStore(), reopen: undefined, remove: async () => {} }));
