import { breakGlassContract, envelopesContract } from './breakGlass.contract.ts';
import { memoryBreakGlass, memoryEnvelopes } from './memoryBreakGlass.ts';

breakGlassContract('memory', () => ({ store: memoryBreakGlass(), close: () => undefined }));
envelopesContract('memory', () => ({ store: memoryEnvelopes(), close: () => undefined }));
