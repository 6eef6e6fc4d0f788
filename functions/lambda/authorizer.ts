import process from 'node:process';
import { jsonLogger } from '../../lib/logger.ts';
import { parseSignIn } from '../../lib/sign-in.ts';
import { createAuthorizer } from '../authorizer.ts';
import { ENV } from '../environment.ts';
import { metadataOf } from '../sign-in/metadata.ts';
import { tokenVerifier } from '../sign-in/verifier.ts';
import { required } from './environment.ts';

const settings = parseSignIn(required(ENV.signIn));
const logger = jsonLogger((line) => void process.stderr.write(line));

export const handler = createAuthorizer(tokenVerifier(settings, metadataOf(settings)), logger);
