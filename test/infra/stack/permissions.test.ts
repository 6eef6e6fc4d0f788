import { describe, expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../../lib/stack-names.ts';
import { EVERYTHING, POSTGRES, synthesize } from './synth.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

const { template } = synthesize(EVERYTHING);

/** Each statement of each role of a function, with the role's name. */
const statements = Object.entries(template.findResources('AWS::IAM::Policy')).flatMap(
  ([id, { Properties }]) =>
    (Properties.PolicyDocument.Statement as Statement[]).map((statement) => ({ id, ...statement })),
);
const actionsOf = ({ Action }: Statement) => [Action].flat();
const resourcesOf = ({ Resource }: Statement) => (Array.isArray(Resource) ? Resource : [Resource]);
const of = (name: string) => statements.filter(({ id }) => id.startsWith(`Functions${name}Role`));
const allowed = (name: string) =>
  of(name)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(actionsOf);

test('there are statements to look at: a role for each function', () => {
  for (const name of FUNCTION_NAMES)
    expect(of(`${name[0]!.toUpperCase()}${name.slice(1)}`), name).not.toEqual([]);
});

test('no role has a managed policy, but the one that API Gateway logs by', () => {
  const managed = Object.entries(template.findResources('AWS::IAM::Role')).filter(
    ([, { Properties }]) => Properties.ManagedPolicyArns,
  );
  expect(managed.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['ApiRestCloudWatchRole']);
});

test('no action is a wildcard', () => {
  expect(statements.flatMap(actionsOf).filter((it) => it.includes('*'))).toEqual([]);
});

test('no resource is `*`, but of the network interfaces that have no name yet', () => {
  const wide = statements.filter((it) => resourcesOf(it).includes('*'));
  expect(wide.length).toBeGreaterThan(0);
  for (const statement of wide) for (const action of actionsOf(statement)) expect(action).toMatch(/^ec2:/);
});

test('functions in the network are denied themselves what Lambda may do there for them', () => {
  for (const name of ['Backup', 'Restore', 'Undo', 'Discard']) {
    const [granted] = of(name).filter((it) => it.Effect === 'Allow' && actionsOf(it)[0]!.startsWith('ec2:'));
    const [denied] = of(name).filter((it) => it.Effect === 'Deny');
    expect(actionsOf(denied!)).toEqual(actionsOf(granted!));
    expect(JSON.stringify(denied!.Condition)).toContain(`:function:cofre-${name.toLowerCase()}`);
  }
});

test('wildcards in resources stand for objects below the prefix, for log streams, or for what follows a secret’s name', () => {
  const partial = statements
    .flatMap(resourcesOf)
    .map((it) => JSON.stringify(it))
    .filter((it) => /[*?]/.test(it) && it !== '"*"');
  expect(partial.length).toBeGreaterThan(FUNCTION_NAMES.length);
  for (const resource of partial)
    expect(resource).toMatch(
      /^\{"Fn::Join":\["",\[\{"Fn::GetAtt":\["StorageBucket\w+","Arn"\]\},"\/(backups\/(jobs\/|locks\/)?)?\*"\]\]\}$|:log-group:\/aws\/lambda\/cofre-\w+:log-stream:\*"|:secret:prod\/shop-\?{6}"|^"arn:aws:s3:::copies\/\*"$/,
    );
});

test('objects that functions may touch are below the prefix', () => {
  const objects = statements
    .filter(
      (it) => it.id.startsWith('Functions') && actionsOf(it).some((action) => /^s3:.*Object/.test(action)),
    )
    .flatMap(resourcesOf);
  expect(objects.length).toBeGreaterThan(7);
  for (const resource of objects) expect(JSON.stringify(resource)).toContain('"/backups/');
});

describe('each function may do what it does, and no more', () => {
  test.each([
    [
      'Backup',
      ['secretsmanager:GetSecretValue', 's3:PutObject', 's3:DeleteObject', 'elasticfilesystem:ClientMount'],
    ],
    ['Restore', ['secretsmanager:GetSecretValue', 's3:PutObject', 'elasticfilesystem:ClientMount']],
    ['Notify', ['ses:SendRawEmail', 's3:GetObject', 'sns:Publish']],
    ['Prune', ['s3:DeleteObject', 's3:PutObjectTagging', 'lambda:InvokeFunction']],
    ['Api', ['s3:GetObject', 's3:PutObject', 'lambda:InvokeFunction']],
  ])('%s may', (name, actions) => {
    expect(allowed(name)).toEqual(expect.arrayContaining(actions));
  });

  test.each([
    ['Api', /secretsmanager|Delete|ses:|ec2:/],
    ['List', /s3:Put|Delete|secretsmanager|Invoke|ec2:/],
    ['Prune', /s3:PutObject$|secretsmanager|ec2:/],
    ['Verify', /Delete|secretsmanager|Invoke|ec2:/],
    ['Notify', /s3:Put|Delete|secretsmanager|ec2:/],
    ['Discard', /s3:|Invoke/],
    ['Authorizer', /^(?!logs:)/],
    ['Admin', /^(?!logs:)/],
  ])('%s may not', (name, actions) => {
    expect(allowed(name).filter((it) => actions.test(it))).toEqual([]);
  });

  test('only the folders that they write: verify and api jobs, undo jobs and locks', () => {
    const written = (name: string) =>
      of(name)
        .filter((it) => actionsOf(it).includes('s3:PutObject'))
        .flatMap(resourcesOf)
        .map((it) => /"(\/[^"]+)"/.exec(JSON.stringify(it))?.[1]);
    expect(written('Verify')).toEqual(['/backups/jobs/*']);
    expect(written('Api')).toEqual(['/backups/jobs/*']);
    expect(written('Undo')).toEqual(['/backups/jobs/*', '/backups/locks/*']);
  });
});

test('mail is sent from the configured address only', () => {
  const [mail] = of('Notify').filter((it) => actionsOf(it).includes('ses:SendRawEmail'));
  expect(mail!.Condition).toEqual({ StringEqualsIfExists: { 'ses:FromAddress': 'backups@example.com' } });
  expect(JSON.stringify(mail!.Resource)).toMatch(
    /identity\/backups@example\.com.*identity\/team@example\.org/,
  );
});

test('a secret by its ARN is named by it; without secrets there is no right to any', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds!db-1-AbCdEf';
  const other = { databases: { shop: { ...POSTGRES, password: `\${secret:${arn}#password}` } } };
  const named = JSON.stringify(synthesize(other).template.findResources('AWS::IAM::Policy'));
  expect(named).toContain(`"${arn}"`);
  const open = { databases: { shop: { ...POSTGRES, password: undefined } } };
  const none = JSON.stringify(synthesize(open).template.findResources('AWS::IAM::Policy'));
  expect(none).not.toContain('secretsmanager');
});
