import { Duration } from 'aws-cdk-lib';
import { CfnEventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** A job that waited so long for its turn is not run any more, seconds. */
const LONGEST_WAIT = Duration.hours(1).toSeconds();

export interface OutcomesProps {
  readonly backup: IFunction;
  readonly restore: IFunction;
  readonly undo: IFunction;
  readonly verify: IFunction;
  readonly notify: IFunction;
  /** Where failures to tell are told. */
  readonly alarmTopicArn: string;
}

/**
 * What Lambda does with asynchronous runs: how often it tries again, and whom it tells how they ended. `notify` is
 * outside of the databases' network, so mail needs no way out of it.
 */
export class Outcomes extends Construct {
  constructor(scope: Construct, id: string, { backup, restore, undo, verify, ...to }: OutcomesProps) {
    super(scope, id);
    const told = { destination: to.notify.functionArn };
    const both = { onSuccess: told, onFailure: told };
    // A backup throws only what another try may mend (functions/outcome.ts); Lambda waits 1 and 2 minutes.
    this.configure('Backup', backup, 2, both);
    // Nobody wants a restore to happen later, when they have gone on.
    this.configure('Restore', restore, 0, both);
    this.configure('Undo', undo, 0, both);
    this.configure('Verify', verify, 0, undefined);
    this.configure('Notify', to.notify, 2, { onFailure: { destination: to.alarmTopicArn } });
  }

  private configure(
    id: string,
    { functionName }: IFunction,
    maximumRetryAttempts: number,
    destinationConfig: CfnEventInvokeConfig.DestinationConfigProperty | undefined,
  ): void {
    new CfnEventInvokeConfig(this, id, {
      functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts,
      maximumEventAgeInSeconds: LONGEST_WAIT,
      ...(destinationConfig && { destinationConfig }),
    });
  }
}
