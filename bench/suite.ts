/** Two commands that do the same job; `before` runs, untimed, ahead of each. Paths count from the bench folder. */
export interface Case {
  readonly name: string;
  readonly target: number;
  readonly cofre: string;
  readonly other: string;
  readonly otherName: string;
  readonly before: string;
}

export interface BedOptions {
  /** The command line of Cofre, ready to take arguments. */
  readonly cofre: string;
  /** Where everything happens. */
  readonly folder: string;
  /** Size of the database, GiB. */
  readonly gib: number;
}

/** A database, and what is measured on it. */
export interface Bed extends AsyncDisposable {
  readonly cases: readonly Case[];
  /** Makes what the cases read, untimed. */
  readonly prepare: string;
  /** What was compared, with versions. */
  readonly versions: string;
}

export interface Suite {
  readonly title: string;
  open(options: BedOptions): Promise<Bed>;
}
