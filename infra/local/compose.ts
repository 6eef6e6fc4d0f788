/** What compose.yaml starts, as functions in its network see it. */
const DATABASES = {
  chinook: {
    engine: 'postgres',
    host: 'postgres',
    user: 'postgres',
    password: '${secret:cofre/postgres#password}',
    database: 'chinook',
    schedule: 'rate(15 minutes)',
  },
  'chinook-mysql': {
    engine: 'mysql',
    host: 'mysql',
    user: 'root',
    password: '${secret:cofre/mysql#password}',
    database: 'Chinook',
  },
};

export const composeSecrets: Readonly<Record<string, string>> = {
  'cofre/postgres': JSON.stringify({ password: 'cofre' }),
  'cofre/mysql': JSON.stringify({ password: 'cofre' }),
};

/** A configuration for the stack on LocalStack, which has no Cognito. */
export function composeConfiguration() {
  return {
    databases: DATABASES,
    mail: { transport: 'ses:', from: 'backups@example.com', recipients: ['team@example.com'] },
    aws: {
      createSender: false,
      signIn: { type: 'oidc', issuer: 'https://id.example.com', clientId: 'cofre', audience: 'cofre' },
    },
  };
}
