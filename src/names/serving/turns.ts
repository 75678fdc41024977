/** Jobs of one namespace that are done before another has its turn. */
const AT_ONCE = 32;

type Job = () => void;

/** Work of many namespaces by turns, with a look at all sockets after each round. So one's flood delays no other for long. */
export class Turns {
  readonly #waiting = new Map<string, Job[]>();
  #isDue = false;

  add(netns: string, job: Job): void {
    const own = this.#waiting.get(netns);
    if (own === undefined) this.#waiting.set(netns, [job]);
    else own.push(job);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#round();
    });
  }

  #round(): void {
    for (const [netns, jobs] of this.#waiting) {
      for (const job of jobs.splice(0, AT_ONCE)) job();
      if (jobs.length === 0) this.#waiting.delete(netns);
    }
    if (this.#waiting.size > 0) this.#schedule();
  }
}
