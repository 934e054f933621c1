import { memorySealer } from './memorySealer.ts';
import { sealerContract } from './sealer.contract.ts';

sealerContract('memory', memorySealer);
