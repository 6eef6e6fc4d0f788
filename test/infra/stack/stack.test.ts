import { resolve } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../../functions/access/routes.ts';
import { limitOf } from '../../../lib/health.ts';
import { FUNCTION_NAMES, OUTPUT } from '../../../lib/stack-names.ts';
import { anchorsOf } from '../../docs/links.ts';
import { EFS, EVERYTHING, MAIL, NETWORK, POSTGRES, SQLITE, synthesize } from './synth.ts';

const { template } = synthesize(EVERYTHING);
const RUNBOOK = resolve(import.meta.dirname, '../../../docs/runbook.md');
const small = synthesize({ databases: { shop: POSTGRES } }).template;

/** Properties of all resources of a type, by what `name` makes of them. */
function all(from: Template, type: string) {
  return Object.values(from.findResources(type)).map(({ Properties }) => Properties);
}
// biome-ignore lint/suspicious/noExplicitAny: properties of CloudFormation
const functions = (from: Template): Record<string, any> =>
  Object.fromEntries(all(from, 'AWS::Lambda::Function').map((it) => [it.FunctionName, it]));

describe('functions', () => {
  test('one for each handler, Node 24 on arm64, with a log that ends', () => {
    expect(Object.keys(functions(template)).toSorted()).toEqual(
      FUNCTION_NAMES.map((it) => `cofre-${it}`).toSorted(),
    );
    for (const properties of Object.values(functions(template)))
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'JSON' },
      });
    for (const properties of all(template, 'AWS::Logs::LogGroup'))
      expect(properties.RetentionInDays).toBe(90);
  });

  test('only those that reach databases are in the network, only those that work on files have the file system', () => {
    const inside = Object.entries(functions(template)).filter(([, it]) => it.VpcConfig);
    expect(inside.map(([name]) => name)).toEqual([
      'cofre-backup',
      'cofre-restore',
      'cofre-undo',
      'cofre-discard',
    ]);
    const mounted = Object.entries(functions(template)).filter(([, it]) => it.FileSystemConfigs);
    expect(mounted.map(([name]) => name)).toEqual(['cofre-backup', 'cofre-restore']);
    expect(mounted[0]![1].FileSystemConfigs[0].LocalMountPath).toBe('/mnt/databases');
    expect(JSON.stringify(functions(small))).not.toMatch(/VpcConfig|FileSystemConfigs/);
  });

  test('size, time and concurrency are as configured, and no concurrency is reserved by itself', () => {
    const { MemorySize, Timeout, EphemeralStorage, ReservedConcurrentExecutions } =
      functions(template)['cofre-backup'];
    expect({ MemorySize, Timeout, EphemeralStorage, ReservedConcurrentExecutions }).toEqual({
      MemorySize: 3_008,
      Timeout: 900,
      EphemeralStorage: { Size: 2_048 },
      ReservedConcurrentExecutions: 3,
    });
    expect(JSON.stringify(functions(small))).not.toContain('ReservedConcurrentExecutions');
  });

  test('a backup is tried again, a restore never is, and both are told of', () => {
    const configs = all(template, 'AWS::Lambda::EventInvokeConfig').map((it) => [
      JSON.stringify(it.FunctionName),
      it.MaximumRetryAttempts,
      JSON.stringify(it.DestinationConfig ?? null),
    ]);
    const of = (name: string) => configs.find(([id]) => id.includes(`Functions${name}Function`))!;
    expect([of('Backup')[1], of('Restore')[1], of('Undo')[1], of('Verify')[1]]).toEqual([2, 0, 0, 0]);
    for (const name of ['Backup', 'Restore', 'Undo'])
      expect(of(name)[2]).toMatch(/OnFailure.*FunctionsNotify.*OnSuccess.*FunctionsNotify/);
    expect(of('Notify')[2]).toMatch(/^\{"OnFailure".*AlarmTopic/);
  });
});

describe('network', () => {
  test('asks for the endpoints that are wanted, and for nothing else', () => {
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Gateway',
      VpcId: NETWORK.vpcId,
      RouteTableIds: NETWORK.routeTableIds,
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
      SubnetIds: NETWORK.subnetIds,
    });
    const { create: _, ...given } = NETWORK;
    const groups = { ...given, securityGroupIds: ['sg-0a1b2c3d4e5f60718'] };
    const bare = synthesize({ databases: { shop: POSTGRES }, aws: { network: groups } }).template;
    bare.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    bare.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  test('its group lets nothing in, and out only to databases, files and AWS', () => {
    const groups = all(template, 'AWS::EC2::SecurityGroup');
    const own = groups.find((it) => it.SecurityGroupEgress)!;
    expect(own.SecurityGroupIngress).toBeUndefined();
    const ports = own.SecurityGroupEgress.map((it: { FromPort: number; ToPort: number }) => [
      it.FromPort,
      it.ToPort,
    ]);
    expect(ports).toEqual([
      [443, 443],
      [5_432, 5_432],
      [2_049, 2_049],
    ]);
  });
});

describe('schedules', () => {
  test('one rule for each scheduled database, one that prunes, one that watches', () => {
    const rules = all(template, 'AWS::Events::Rule').map((it) => [
      it.ScheduleExpression,
      it.Targets[0].InputTransformer?.InputTemplate ?? it.Targets[0].Input,
    ]);
    const backup = (name: string) =>
      `{"database":"${name}","trigger":"schedule","actor":"schedule","occurrence":{"id":<id>,"time":<time>}}`;
    expect(rules).toEqual([
      ['cron(0 2 * * ? *)', backup('helpdesk')],
      ['rate(6 hours)', backup('shop')],
      ['cron(30 5 * * ? *)', '{"trigger":"schedule"}'],
      ['rate(15 minutes)', '{"trigger":"schedule"}'],
    ]);
  });

  test('a database without a schedule has no rule and is never late', () => {
    const { schedule: _, ...unscheduled } = POSTGRES;
    const { template: quiet } = synthesize({ databases: { shop: unscheduled } });
    quiet.resourceCountIs('AWS::Events::Rule', 2);
    expect(JSON.stringify(quiet.findResources('AWS::CloudWatch::Alarm'))).not.toContain('BackupAge');
  });
});

describe('alarms', () => {
  const alarms = all(template, 'AWS::CloudWatch::Alarm');

  test('each tells what happened, links to its chapter of the runbook, and goes to the topic', () => {
    for (const alarm of alarms) {
      expect(alarm.AlarmDescription).toMatch(/\. What to do: docs\/runbook\.md#[a-z-]+$/);
      expect(JSON.stringify(alarm.AlarmActions)).toContain('AlarmTopic');
    }
  });

  test('each chapter is in the runbook', () => {
    const chapters = new Set(alarms.map((it) => /runbook\.md#([a-z-]+)$/.exec(it.AlarmDescription)![1]!));
    const anchors = anchorsOf(RUNBOOK);
    expect([...chapters].filter((it) => !anchors.has(it))).toEqual([]);
    expect(chapters.size).toBe(5);
  });

  test('failed, shrunk, late: of each database; late means schedule plus margin, and missing data is late', () => {
    const of = (name: string) =>
      alarms.filter((it) => it.Dimensions?.some(({ Value }: { Value: string }) => Value === name));
    expect(of('shop').map((it) => it.MetricName)).toEqual([
      'BackupFailed',
      'RestoreFailed',
      'BackupShrank',
      'BackupAge',
    ]);
    const [late] = of('shop').filter((it) => it.MetricName === 'BackupAge');
    expect(late).toMatchObject({
      TreatMissingData: 'breaching',
      Threshold: limitOf('rate(6 hours)') / 1_000,
      ComparisonOperator: 'GreaterThanThreshold',
      Statistic: 'Maximum',
      Namespace: 'Cofre',
      Dimensions: [
        { Name: 'Database', Value: 'shop' },
        { Name: 'Stack', Value: 'cofre' },
      ],
    });
    expect(late!.Threshold).toBe(6 * 3_600 * 1.25);
    for (const alarm of of('shop').slice(0, 3)) expect(alarm.TreatMissingData).toBe('notBreaching');
  });

  test('functions that nobody would hear of fail aloud', () => {
    const named = alarms.filter(
      (it) => it.MetricName === 'Errors' || it.MetricName === 'DestinationDeliveryFailures',
    );
    expect(named.map((it) => it.Namespace)).toEqual(Array(9).fill('AWS/Lambda'));
  });

  test('their topic takes mail addresses, and there is a dashboard', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

describe('API', () => {
  test('every route of the description that is not for one machine alone has a method that the authorizer guards; the page has none', () => {
    const methods = all(template, 'AWS::ApiGateway::Method');
    const guarded = methods.filter((it) => it.AuthorizationType === 'CUSTOM');
    expect(
      guarded
        .map((it) => it.OperationName)
        .filter(Boolean)
        .toSorted(),
    ).toEqual(
      ROUTES.filter((it) => !it.local)
        .map((it) => it.operationId)
        .toSorted(),
    );
    const open = methods.filter((it) => it.AuthorizationType === 'NONE');
    expect(
      open.map((it) => [it.HttpMethod, JSON.stringify(it.Integration.Uri).includes('FunctionsAdmin')]),
    ).toEqual([
      ['GET', true],
      ['GET', true],
    ]);
    expect(methods).toHaveLength(guarded.length + open.length);
  });

  test('bodies are checked, requests throttled and logged', () => {
    for (const name of ['startBackup', 'startRestore', 'prune'])
      template.hasResourceProperties('AWS::ApiGateway::Method', {
        OperationName: name,
        RequestModels: { 'application/json': Match.anyValue() },
        RequestValidatorId: Match.anyValue(),
      });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: { DestinationArn: Match.anyValue() },
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 })],
    });
  });

  test('people are invited, never sign up by themselves; groups are the roles', () => {
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
    expect(all(template, 'AWS::Cognito::UserPoolGroup').map((it) => it.GroupName)).toEqual([
      'viewer',
      'admin',
    ]);
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
    });
  });

  test('any OIDC issuer can stand in for the pool', () => {
    const signIn = { type: 'oidc', issuer: 'https://id.example.com', clientId: 'cofre', audience: 'cofre' };
    const other = synthesize({ databases: { shop: POSTGRES }, aws: { signIn } }).template;
    other.resourceCountIs('AWS::Cognito::UserPool', 0);
    const told = functions(other)['cofre-authorizer'].Environment.Variables.COFRE_SIGN_IN;
    expect(JSON.parse(told)).toMatchObject({ issuer: 'https://id.example.com', audience: 'cofre' });
  });
});

test('mail: the sender is an identity to be made, unless it is one already', () => {
  template.hasResourceProperties('AWS::SES::EmailIdentity', { EmailIdentity: MAIL.from });
  const known = { databases: { shop: POSTGRES }, mail: MAIL, aws: { createSender: false } };
  synthesize(known).template.resourceCountIs('AWS::SES::EmailIdentity', 0);
  small.resourceCountIs('AWS::SES::EmailIdentity', 0);
});

test('the outputs say what there is, and what to do next', () => {
  const outputs = template.toJSON().Outputs;
  const { functionOf, ...keys } = OUTPUT;
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining([...Object.values(keys), ...FUNCTION_NAMES.map(functionOf)]),
  );
  const steps = JSON.stringify(outputs.FirstSteps.Value);
  for (const step of [
    /1\. Let .* in at your databases/,
    /admin-create-user/,
    /--group-name admin/,
    /SES mails to/,
    /cofre -- --stack cofre backup --database helpdesk/,
  ])
    expect(steps).toMatch(step);
});

test('the CDK has nothing to warn of', () => {
  const { app } = synthesize(EVERYTHING);
  const notes = app.node.findAll().flatMap(({ node }) => node.metadata);
  expect(notes.filter(({ type }) => /warning|error/.test(type)).map(({ data }) => data)).toEqual([]);
});

describe('cdk-nag, AwsSolutions', () => {
  test.each([
    ['everything', EVERYTHING],
    ['SQLite on EFS', { databases: { helpdesk: SQLITE }, aws: { efs: EFS } }],
    ['no mail, no network', { databases: { shop: POSTGRES } }],
  ])('%s: every finding is explained', (_, config) => {
    const { app } = synthesize(config);
    const checks = new AwsSolutionsChecks(app);
    Validations.of(app).addPlugins(checks);
    const { violations } = checks.validateScope(app);
    const left = violations.map(({ ruleName, violatingResources }) => [
      ruleName,
      violatingResources.map(({ resourceLogicalId }) => resourceLogicalId),
    ]);
    expect(left).toEqual([]);
  });
});
