import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { planDeployment } from '../../infra/deployment.ts';
import { composeConfiguration, composeSecrets } from '../../infra/local/compose.ts';

const compose = readFileSync(resolve(import.meta.dirname, '../../compose.yaml'), 'utf8');

test('the configuration for compose.yaml can be deployed, and its secrets are made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cofre-compose-'));
  try {
    const file = join(folder, 'cofre.json');
    writeFileSync(file, JSON.stringify(composeConfiguration()));
    const { secrets, config } = planDeployment(file, { emulated: true });
    expect(Object.keys(composeSecrets)).toEqual(expect.arrayContaining([...secrets.databases]));
    expect(Object.keys(config.databases)).toContain('chinook');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('its hosts and passwords are those of compose.yaml, whose LocalStack needs no account', () => {
  expect(compose).toContain('image: localstack/localstack:4.14.0\n');
  for (const { host } of Object.values(composeConfiguration().databases) as { host: string }[])
    expect(compose).toMatch(new RegExp(`^  ${host}:$`, 'm'));
  for (const secret of Object.values(composeSecrets))
    expect(compose).toContain(`PASSWORD: ${JSON.parse(secret).password}`);
});
