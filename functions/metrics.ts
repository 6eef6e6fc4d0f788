/** Namespace of Cofre's metrics in CloudWatch. Each has the dimensions `Stack` and `Database`. */
export const NAMESPACE = 'Cofre';

/** The metrics, with their units; the stack's alarms look at the same names. */
export const METRICS = {
  BackupSucceeded: 'Count',
  BackupFailed: 'Count',
  RestoreSucceeded: 'Count',
  RestoreFailed: 'Count',
  /** Of the stored object. */
  BackupSize: 'Bytes',
  BackupDuration: 'Seconds',
  /** 1 when a backup holds less than half of the one before it, else 0. */
  BackupShrank: 'Count',
  /** Of the last good backup. */
  BackupAge: 'Seconds',
} as const;
export type Metric = keyof typeof METRICS;

export type Emit = (database: string, values: Partial<Record<Metric, number>>) => void;

/**
 * Emits metrics as log lines that CloudWatch Logs turns into metrics, so that no function needs a way to CloudWatch
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function metricLines(
  stack: string,
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): Emit {
  return (database, values) => {
    const Metrics = Object.keys(values).map((name) => ({ Name: name, Unit: METRICS[name as Metric] }));
    const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions: [['Stack', 'Database']], Metrics }];
    const _aws = { Timestamp: now().getTime(), CloudWatchMetrics };
    write(`${JSON.stringify({ _aws, Stack: stack, Database: database, ...values })}\n`);
  };
}
