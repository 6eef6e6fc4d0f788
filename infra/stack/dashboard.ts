import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { databaseMetric, RUNBOOK } from './alarms.ts';

const HOUR = Duration.hours(1);
/** Of CloudWatch's 24 columns. */
const THIRD = 8;
const HALF = 12;

export interface BoardProps {
  readonly stack: string;
  readonly databases: readonly string[];
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly page: string;
}

/** One look at all databases: how old and how large their backups are, what failed, how long it took. */
export class Board extends Construct {
  constructor(scope: Construct, id: string, { stack, databases, functions, page }: BoardProps) {
    super(scope, id);
    const board = new Dashboard(this, 'Dashboard', { dashboardName: stack });
    const markdown = `# Cofre\n[Backups, restores](${page}) · What to do about alarms: ${RUNBOOK}`;
    board.addWidgets(new TextWidget({ markdown, width: 24, height: 2 }));
    for (const database of databases) board.addWidgets(...databaseRow(stack, database));
    board.addWidgets(...functionRow(functions));
  }
}

function databaseRow(stack: string, database: string): IWidget[] {
  const metric = (name: Parameters<typeof databaseMetric>[2], statistic: string) =>
    databaseMetric(stack, database, name, statistic, HOUR);
  const graph = (title: string, ...left: ReturnType<typeof metric>[]) =>
    new GraphWidget({ title: `${database}: ${title}`, left, width: THIRD });
  return [
    graph('age of the last good backup', metric('BackupAge', 'Maximum')),
    graph('size', metric('BackupSize', 'Maximum')),
    graph(
      'succeeded, failed',
      metric('BackupSucceeded', 'Sum'),
      metric('BackupFailed', 'Sum'),
      metric('RestoreSucceeded', 'Sum'),
      metric('RestoreFailed', 'Sum'),
    ),
  ];
}

function functionRow(functions: Readonly<Record<string, IFunction>>): IWidget[] {
  const all = Object.entries(functions);
  const errors = all.map(([label, it]) => it.metricErrors({ label, period: HOUR }));
  const durations = all.map(([label, it]) =>
    it.metricDuration({ label, period: HOUR, statistic: 'Maximum' }),
  );
  return [
    new GraphWidget({ title: 'Functions: errors', left: errors, width: HALF }),
    new GraphWidget({ title: 'Functions: longest run', left: durations, width: HALF }),
  ];
}
