import { api } from '../api.ts';
import { type Fault, toFault } from '../fault.ts';
import { type BackupPage, type Database, isActive, type Job, type Me } from '../types.ts';
import { append, NO_BACKUPS, PAGE_SIZE, refreshed, refreshSize } from './pages.ts';

const JOBS_SHOWN = 20;
const REFRESH_MS = 30_000;

/** All that the page knows. */
export interface Model {
  /** Who is looking. `null` until the first answer, as are the databases. */
  readonly me: Me | null;
  readonly databases: readonly Database[] | null;
  readonly jobs: readonly Job[];
  readonly list: BackupPage;
  /** Name of the only database whose backups are listed, or empty for all. */
  readonly filter: string;
  /** Why the last refresh failed; what is shown is then older than it should be. */
  readonly fault: Fault | null;
  readonly refreshedAt: number;
  /** Grows whenever backups came or went, so that what was derived from them is read again. */
  readonly revision: number;
}

const EMPTY: Model = {
  me: null,
  databases: null,
  jobs: [],
  list: NO_BACKUPS,
  filter: '',
  fault: null,
  refreshedAt: 0,
  revision: 0,
};

/** Keeps the model in step with the server and tells its listeners about every change. */
export class Session {
  model: Model = EMPTY;
  readonly #changed = new Set<() => void>();
  readonly #finished = new Set<(job: Job) => void>();

  onChange(listener: () => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  /** `listener` hears of each job that was seen under way and has come to its end. */
  onFinish(listener: (job: Job) => void): () => void {
    this.#finished.add(listener);
    return () => this.#finished.delete(listener);
  }

  get busy(): boolean {
    return this.model.jobs.some(isActive);
  }

  /** One turn of polling: only the jobs while one is under way, else everything. Never throws. */
  async tick(): Promise<void> {
    const stale = Date.now() - this.model.refreshedAt > REFRESH_MS;
    const ended = this.busy && !stale ? await this.#attempt(() => this.#readJobs()) : true;
    if (ended) await this.refresh();
  }

  async refresh(): Promise<void> {
    await this.#attempt(() => this.#readAll());
  }

  /** To be called when backups were deleted. */
  async backupsChanged(): Promise<void> {
    this.#set({ revision: this.model.revision + 1 });
    await this.refresh();
  }

  async filterBy(database: string): Promise<void> {
    this.#set({ filter: database, list: NO_BACKUPS });
    await this.refresh();
  }

  async loadMore(): Promise<void> {
    const { list, filter } = this.model;
    if (list.nextCursor === null) return;
    const page = await api.backups({ database: filter, limit: PAGE_SIZE, cursor: list.nextCursor });
    if (filter === this.model.filter) this.#set({ list: append(this.model.list, page) });
  }

  /** Follows a job that was started just now. */
  track(job: Job): void {
    this.#set({ jobs: [job, ...this.model.jobs.filter(({ id }) => id !== job.id)] });
  }

  /** Whether a job came to its end meanwhile. */
  async #readJobs(): Promise<boolean> {
    const { jobs } = await api.jobs(JOBS_SHOWN);
    this.#set({ fault: null });
    return this.#takeJobs(jobs).length > 0;
  }

  async #readAll(): Promise<void> {
    const { filter, list } = this.model;
    const [me, { databases }, { jobs }, first] = await Promise.all([
      this.model.me ?? api.me(),
      api.databases(),
      api.jobs(JOBS_SHOWN),
      api.backups({ database: filter, limit: refreshSize(list) }),
    ]);
    this.#set({ me, databases, fault: null, refreshedAt: Date.now() });
    // The reader may have chosen another filter while this was on its way.
    if (filter === this.model.filter) this.#set({ list: refreshed(this.model.list, first) });
    this.#takeJobs(jobs);
  }

  #takeJobs(jobs: readonly Job[]): readonly Job[] {
    const active = new Set(this.model.jobs.filter(isActive).map(({ id }) => id));
    const ended = jobs.filter((job) => active.has(job.id) && !isActive(job));
    this.#set({ jobs, revision: this.model.revision + ended.length });
    for (const job of ended) for (const listener of this.#finished) listener(job);
    return ended;
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#set({ fault: toFault(error) });
      return undefined;
    }
  }

  #set(change: Partial<Model>): void {
    this.model = { ...this.model, ...change };
    for (const listener of this.#changed) listener();
  }
}
