import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type Metric as MetricName, NAMESPACE } from '../../functions/metrics.ts';
import type { AwsConfig } from '../../lib/aws-config.ts';
import type { Config } from '../../lib/config.ts';
import { limitOf } from '../../lib/health.ts';
import { WATCH_MINUTES } from './schedules.ts';

const SOON = Duration.minutes(5);
const WATCHED = Duration.minutes(WATCH_MINUTES);

/** Where somebody reads what to do; the chapter is the runbook's anchor. */
export const RUNBOOK = 'docs/runbook.md';

interface Rule {
  readonly chapter: string;
  readonly metric: Metric;
  readonly description: string;
  readonly above: number;
  readonly missing: TreatMissingData;
  readonly times: number;
}

/** A metric of one database; the functions emit it (functions/metrics.ts). */
export function databaseMetric(
  stack: string,
  database: string,
  name: MetricName,
  statistic: string,
  period = SOON,
) {
  const dimensionsMap = { Stack: stack, Database: database };
  return new Metric({ namespace: NAMESPACE, metricName: name, dimensionsMap, statistic, period });
}

export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { emails }: AwsConfig['alarms']) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Cofre', enforceSSL: true });
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }
}

export interface AlarmsProps {
  readonly stack: string;
  readonly config: Config;
  readonly topic: Topic;
  /** Functions whose failures nobody would hear of otherwise. */
  readonly watched: Readonly<Record<string, IFunction>>;
  /** Functions whose ends `notify` tells. */
  readonly told: Readonly<Record<string, IFunction>>;
}

export class Alarms extends Construct {
  private readonly action: SnsAction;
  private readonly runbook: string;

  constructor(scope: Construct, id: string, { stack, config, topic, watched, told }: AlarmsProps) {
    super(scope, id);
    this.action = new SnsAction(topic);
    this.runbook = config.aws.alarms.runbook ?? RUNBOOK;
    for (const [database, { schedule }] of Object.entries(config.databases)) {
      for (const [name, rule] of Object.entries(happened(stack, database)))
        this.add(`${name}-${database}`, rule);
      // A schedule that fires once, if at all, has no period to be late by.
      if (schedule !== undefined && Number.isFinite(limitOf(schedule)))
        this.add(`NoGoodBackup-${database}`, late(stack, database, schedule));
    }
    for (const [name, lambda] of Object.entries(watched))
      this.add(`FunctionFailed-${name}`, broken(name, lambda));
    for (const [name, lambda] of Object.entries(told)) this.add(`NotTold-${name}`, unheard(name, lambda));
  }

  private add(id: string, { chapter, metric, description, above, missing, times }: Rule): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: `${description} What to do: ${this.runbook}#${chapter}`,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: missing,
      evaluationPeriods: times,
    });
    alarm.addAlarmAction(this.action);
    if (missing === TreatMissingData.BREACHING) alarm.addOkAction(this.action);
  }
}

/** What is bad as soon as it happens once. */
function happened(stack: string, database: string): Record<string, Rule> {
  const once = (name: MetricName, chapter: string, description: string): Rule => ({
    chapter,
    metric: databaseMetric(stack, database, name, 'Sum'),
    description,
    above: 0,
    missing: TreatMissingData.NOT_BREACHING,
    times: 1,
  });
  return {
    BackupFailed: once('BackupFailed', 'backup-failed', `A backup of ${database} failed.`),
    RestoreFailed: once('RestoreFailed', 'restore-failed', `A restore of ${database} failed.`),
    BackupShrank: once(
      'BackupShrank',
      'backup-shrank',
      `A backup of ${database} holds less than half of the one before.`,
    ),
  };
}

/** That nothing is told is as bad as that nothing was made. */
function late(stack: string, database: string, schedule: string): Rule {
  return {
    chapter: 'no-good-backup',
    metric: databaseMetric(stack, database, 'BackupAge', 'Maximum', WATCHED),
    description: `No good backup of ${database} within its schedule ${schedule} and a margin.`,
    above: Math.round(limitOf(schedule) / 1_000),
    missing: TreatMissingData.BREACHING,
    times: 2,
  };
}

function broken(name: string, lambda: IFunction): Rule {
  return {
    chapter: 'function-failed',
    metric: lambda.metricErrors({ period: SOON, statistic: 'Sum' }),
    description: `The function ${name} failed.`,
    above: 0,
    missing: TreatMissingData.NOT_BREACHING,
    times: 1,
  };
}

/** Lambda itself could not pass an end on: without it, no metric and no mail tells of a failure. */
function unheard(name: string, lambda: IFunction): Rule {
  return {
    chapter: 'function-failed',
    metric: lambda.metric('DestinationDeliveryFailures', { period: SOON, statistic: 'Sum' }),
    description: `How a run of the function ${name} ended could not be told.`,
    above: 0,
    missing: TreatMissingData.NOT_BREACHING,
    times: 1,
  };
}
