import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { jsonLogger } from '../../lib/logger.ts';
import { parseSignIn } from '../../lib/sign-in.ts';
import { unpackAssets } from '../admin/assets.ts';
import { pageSignIn } from '../admin/sign-in.ts';
import { createAdminHandler } from '../admin.ts';
import { ENV } from '../environment.ts';
import { metadataOf } from '../sign-in/metadata.ts';
import { required } from './environment.ts';
import { TASK_ROOT } from './runtime.ts';

const settings = parseSignIn(required(ENV.signIn));
const metadata = metadataOf(settings);
// Built in beside the bundle; see infra/bundle.ts.
const files = unpackAssets(readFileSync(join(TASK_ROOT, 'page.json'), 'utf8'));
const logger = jsonLogger((line) => void process.stderr.write(line));

export const handler = createAdminHandler(files, logger, async () => pageSignIn(settings, await metadata()));
