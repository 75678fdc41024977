import type { Host } from "../lab/host.js";
import type { Output } from "../lab/program.js";
import type { Model, OwnContainer } from "./model.js";
import { judge } from "./outcome.js";
import { ownRequest } from "./own-requests.js";
import { Random } from "./random.js";
import type { Request } from "./request.js";
import { sharedRequests } from "./shared-requests.js";
import type { Tally } from "./tally.js";

/** Milliseconds after which a command counts as stuck. */
const patience = 60_000;

/** One of those that give commands at the same time: some about what is everybody's, some about a container of its own. */
export class Worker {
  readonly #random: Random;
  readonly #own: OwnContainer;

  constructor(
    private readonly host: Host,
    private readonly model: Model,
    { seed, number }: { readonly seed: number; readonly number: number },
  ) {
    this.#random = new Random(seed * 1000 + number);
    this.#own = model.addOwn(`w${number}`);
  }

  /** Gives commands one after another, and counts how they end. */
  async give(count: number, tally: Tally): Promise<void> {
    for (let given = 0; given < count; given++) {
      const request = this.#next();
      const output = await this.host.tsd(request.words, { timeout: patience });
      const outcome = judge(output, request.words);
      if (request.words.includes(this.#own.name)) {
        const how = outcome.kind === "refused" ? `${outcome.code} ${output.stderr.slice(0, 300)}` : outcome.kind;
        this.#own.history.push(`${request.words.join(" ")}: ${how}`);
      }
      tally.commands++;
      if (outcome.kind === "done") tally.done++;
      else if (outcome.kind === "refused") tally.refused[outcome.code] = (tally.refused[outcome.code] ?? 0) + 1;
      else tally.failed.push(outcome.text);
      learn(request, output);
    }
  }

  #next(): Request {
    return this.#random.oneIn(2)
      ? ownRequest(this.#random, this.model, this.#own)
      : this.#random.pick(sharedRequests)(this.#random, this.model);
  }
}

function learn({ learn, done }: Request, { code, stdout }: Output): void {
  // A command on several things reports those it did, even where one of them failed.
  if (learn !== undefined && (code === 0 || stdout.startsWith("["))) learn(JSON.parse(stdout));
  if (code === 0) done?.();
}
