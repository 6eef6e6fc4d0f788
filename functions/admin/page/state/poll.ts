const BUSY_MS = 1_000;
const CALM_MS = 30_000;

/** What the poller watches: `tick` brings it up to date, `busy` says whether something is under way. */
export interface Polled {
  readonly busy: boolean;
  tick(): Promise<void>;
}

/**
 * Calls `tick` every second while something is under way, else every 30 seconds, and at once when the reader comes
 * back to the page. A hidden page is left alone: nobody looks, and each request costs.
 */
export class Poller {
  readonly #polled: Polled;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #again = false;

  constructor(polled: Polled) {
    this.#polled = polled;
  }

  start(): () => void {
    addEventListener('focus', this.now);
    document.addEventListener('visibilitychange', this.now);
    this.now();
    return () => this.#stop();
  }

  /** Ticks now, or once more when a tick is already on its way. */
  readonly now = (): void => {
    clearTimeout(this.#timer);
    if (this.#running) this.#again = true;
    else if (!document.hidden) void this.#run();
  };

  async #run(): Promise<void> {
    this.#running = true;
    do {
      this.#again = false;
      await this.#polled.tick();
    } while (this.#again);
    this.#running = false;
    this.#timer = setTimeout(this.now, this.#polled.busy ? BUSY_MS : CALM_MS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    removeEventListener('focus', this.now);
    document.removeEventListener('visibilitychange', this.now);
  }
}
