import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../../lib/config.ts';

/** How often the ages of the last good backups are told to CloudWatch, minutes; alarms look as often. */
export const WATCH_MINUTES = 15;
/** A run that could not be started for so long is given up: the next one comes, and alarms tell of it. Hours. */
const GIVE_UP_HOURS = 1;

export interface SchedulesProps {
  readonly config: Config;
  readonly backup: IFunction;
  readonly prune: IFunction;
  readonly list: IFunction;
}

/** What runs by itself: a rule for each database that has a schedule, one that prunes, one that watches. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { config, backup, prune, list }: SchedulesProps) {
    super(scope, id);
    for (const [database, { schedule }] of Object.entries(config.databases)) {
      if (schedule === undefined) continue;
      const input = { database, trigger: 'schedule', actor: 'schedule', occurrence: OCCURRENCE };
      this.rule(`Backup-${database}`, `Backs up ${database}`, schedule, backup, input);
    }
    const round = { trigger: 'schedule' };
    this.rule(
      'Prune',
      'Removes old backups, and what killed ones left',
      config.aws.prune.schedule,
      prune,
      round,
    );
    this.rule(
      'Watch',
      'Tells the age of each last good backup',
      `rate(${WATCH_MINUTES} minutes)`,
      list,
      round,
    );
  }

  private rule(id: string, description: string, schedule: string, target: IFunction, input: object): void {
    const rule = new Rule(this, id, { description, schedule: Schedule.expression(schedule) });
    const event = RuleTargetInput.fromObject(input);
    const maxEventAge = Duration.hours(GIVE_UP_HOURS);
    rule.addTarget(new LambdaFunction(target, { event, maxEventAge, retryAttempts: 10 }));
  }
}

/** Tells deliveries of one time from those of the next: the functions run each time once. */
const OCCURRENCE = { id: EventField.eventId, time: EventField.time };
