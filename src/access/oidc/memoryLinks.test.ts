import { linkStoresContract } from './links.contract.ts';
import { memoryLinks } from './memoryLinks.ts';

linkStoresContract('memory', () => ({ stores: memoryLinks(), close: () => undefined }));
