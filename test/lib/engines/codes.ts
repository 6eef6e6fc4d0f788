import { CofreError } from '../../../lib/errors.ts';

/** What `work` throws: its code, or the whole error when it is none of ours or comes without a hint. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    if (error instanceof CofreError && error.hint) return error.code;
    throw error;
  }
}

export async function messageOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    return error instanceof CofreError ? `${error.code}: ${error.message}` : String(error);
  }
}
