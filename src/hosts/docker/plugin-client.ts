import { setTimeout as sleep } from "node:timers/promises";
import { callWithin } from "../../contracts/haste.js";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { exchange, type Reply } from "./exchange.js";
import { type Fields, fieldOf } from "./fields.js";
import { trustedAddressAt } from "./plugin-address.js";
import { type Called, failed, refused, unreachable } from "./plugin-failure.js";
import { dockerPlaces, findPlugin, type PluginPlaces } from "./plugin-places.js";
import { type Answer, readAnswer } from "./read-answer.js";

/** Milliseconds. */
export interface Patience {
  /** For one reply. dockerd waits for ever. */
  readonly reply: number;
  /**
   * Between attempts to connect. dockerd waits for 1, 2, 4 … seconds, up to 30 in all; a command line waits as long as a
   * plug-in takes to start again.
   */
  readonly pauses: readonly number[];
  /** For a reply of a plug-in that has failed one call of this process already. */
  readonly afterFailure: number;
}

const customary: Patience = { reply: 30_000, pauses: [100, 200, 400, 800], afterFailure: 2000 };

export type Subsystem = "NetworkDriver" | "IpamDriver";

/**
 * The calls of one plug-in. It is activated before the first. A call is sent once: only failures to connect are tried again,
 * with growing pauses, since then the plug-in has got nothing. One that has failed is not waited for again.
 */
export class PluginClient {
  private implemented: Promise<readonly unknown[]> | undefined;
  private hasFailed = false;

  constructor(
    readonly plugin: string,
    private readonly places: PluginPlaces = dockerPlaces,
    private readonly patience: Patience = customary,
  ) {}

  /** Throws `plugin` where the plug-in cannot be reached, or is none of that sort. Nothing has been asked of it then. */
  async require(subsystem: Subsystem): Promise<void> {
    this.implemented ??= this.activate();
    const list = await this.implemented;
    if (list.includes(subsystem)) return;
    const offered = list.length === 0 ? "nothing" : list.map(String).join(", ");
    const wanted = subsystem === "NetworkDriver" ? "networks" : "addresses";
    throw failed(
      this.called("Plugin.Activate"),
      `it implements ${offered.slice(0, 200)}, and not ${subsystem}`,
      `Name a docker plug-in for ${wanted}.`,
    );
  }

  /** Throws `plugin` for a refusal as well. */
  async must(verb: string, body?: object): Promise<Fields> {
    const answer = await this.call(verb, body);
    if (answer.isDone) return answer.value;
    throw refused(this.called(verb), answer.said);
  }

  /** Throws `plugin` where no reply comes that can be read. */
  async call(verb: string, body?: object): Promise<Answer> {
    const [subsystem] = verb.split(".");
    if (subsystem === "NetworkDriver" || subsystem === "IpamDriver") await this.require(subsystem);
    return this.send(verb, body);
  }

  called(verb: string): Called {
    return { plugin: this.plugin, verb };
  }

  private async activate(): Promise<readonly unknown[]> {
    const called = this.called("Plugin.Activate");
    const answer = await this.send("Plugin.Activate");
    if (!answer.isDone) throw refused(called, answer.said);
    const list = fieldOf(answer.value, "Implements") ?? [];
    if (!Array.isArray(list)) throw failed(called, "Implements is no list");
    return list;
  }

  private send(verb: string, body?: object): Promise<Answer> {
    const text = body === undefined ? "" : `${JSON.stringify(body)}\n`;
    const what = (): string => `docker:${this.plugin}: ${verb} ${text}`.trim();
    return boundaryOperation({ into: "plugin", what }, async () => {
      const { reply, afterFailure } = this.patience;
      const called = this.called(verb);
      try {
        return await callWithin(this.plugin, this.hasFailed ? afterFailure : reply, async (timeout) =>
          readAnswer(called, await this.attempt(called, text, timeout)),
        );
      } catch (error) {
        this.hasFailed = true;
        throw error;
      }
    });
  }

  private async attempt(called: Called, body: string, timeout: number): Promise<Reply> {
    const left = this.hasFailed ? [] : [...this.patience.pauses];
    for (;;) {
      const place = findPlugin(called.plugin, this.places);
      const outcome =
        place === undefined
          ? { reached: false, why: `it is not in ${[this.places.sockets, ...this.places.specs].join(", ")}` }
          : await exchange(trustedAddressAt(place, called), { path: `/${called.verb}`, body, timeout });
      if ("status" in outcome) return outcome;
      if (outcome.reached) throw failed(called, outcome.why);
      const pause = left.shift();
      if (pause === undefined) throw unreachable(called, outcome.why);
      await sleep(pause);
    }
  }
}
