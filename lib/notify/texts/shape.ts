/** Every text of the mails. A language that lacks one does not compile. */
export interface Texts {
  readonly labels: {
    readonly database: string;
    readonly engine: string;
    readonly started: string;
    readonly finished: string;
    readonly size: string;
    readonly unpacked: string;
    readonly rows: string;
    readonly file: string;
    readonly askedBy: string;
    readonly reason: string;
    readonly hint: string;
    readonly code: string;
    readonly lastGood: string;
  };
  readonly succeeded: {
    subject(database: string, when: string): string;
    title(database: string): string;
    readonly summary: string;
    readonly warnings: string;
    readonly attached: string;
    tooLarge(limit: string): string;
    readonly link: string;
    readonly restore: string;
    readonly byHand: string;
  };
  readonly failed: {
    subject(database: string): string;
    title(database: string): string;
    readonly summary: string;
    readonly lastGoodKept: string;
    readonly none: string;
    noneAtAll(database: string): string;
  };
}
