import { TsdError } from "../../errors/tsd-error.js";
import type { Redirect, Redirected } from "./redirect.js";

/** Refusals that say nothing of what the kernel has, but of what this process or the machine lacks at the moment. */
const PASSING = ["EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "EPERM"];

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
        if (next === undefined || !isLack(error)) throw error;
        this.chosen = next;
        this.others = rest;
      }
    }
  }

  isInstalled(): boolean {
    return this.chosen.isInstalled();
  }
}

function isLack(error: unknown): boolean {
  return TsdError.is(error, "kernel") && !PASSING.includes(String(error.details.errno));
}
