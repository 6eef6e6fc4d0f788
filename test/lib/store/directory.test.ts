import { storeContract } from '../../contracts/store.ts';
import { directoryHarness } from './directory-harness.ts';

storeContract('the directory store', directoryHarness);
