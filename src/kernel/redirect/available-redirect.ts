import { TsdError } from "../../errors/tsd-error.js";
import type { Redirect, Redirected } from "./redirect.js";

/** The first of several ways that the kernel and the machine's programs have. */
export class AvailableRedirect implements Redirect {
  private chosen: Redirect;

  constructor(
    first: Redirect,
    private others: readonly Redirect[],
  ) {
    this.chosen = first;
  }

  install(redirected: Redirected): void {
    for (;;) {
      try {
        this.chosen.install(redirected);
        return;
      } catch (error) {
        const [next, ...rest] = this.others;
        if (next === undefined || !TsdError.is(error, "kernel")) throw error;
        this.chosen = next;
        this.others = rest;
      }
    }
  }

  isInstalled(): boolean {
    return this.chosen.isInstalled();
  }
}
