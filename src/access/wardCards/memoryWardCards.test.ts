import { memoryWardCards } from './memoryWardCards.ts';
import { wardCardsContract } from './wardCards.contract.ts';

wardCardsContract('memory', () => ({ store: memoryWardCards(), close: () => undefined }));
