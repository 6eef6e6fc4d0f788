import { createNotifyHandler } from '../notify.ts';
import { openInLambda, openMetrics } from './runtime.ts';

export const handler = createNotifyHandler(openInLambda(), openMetrics());
