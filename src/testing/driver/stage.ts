import type { AttachSpec, Endpoint, Network, NetworkSpec, Resource, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { CannotRun } from "../chapter.js";
import { contrast, expectSameLines } from "../expectations.js";
import { hostOf, subnets } from "../lab/addresses.js";
import type { Lab, Place } from "../lab/lab.js";
import { type DriverSubject, optionsOf, type Which } from "./driver-subject.js";

/** Milliseconds for the kernel to come to rest: it takes links and namespaces apart in its own time. */
const PATIENCE = 5000;

/** Networks of one driver on the host of a lab, and containers on them. */
export class Stage {
  private before: readonly string[] | undefined;
  private opened: Lab | undefined;
  private possible: Promise<void> | undefined;

  /** `openLab` opens the lab, where it is not open yet. */
  constructor(
    readonly subject: DriverSubject,
    private readonly openLab: () => Promise<Lab>,
  ) {}

  /** Takes the present state as what {@link Stage.close} must find again. */
  async open(): Promise<void> {
    this.opened = await this.openLab();
    this.possible ??= this.probe();
    await this.possible;
    this.before = await this.lab.residue();
  }

  /** Tries a network with a container, once. Throws {@link CannotRun} where this machine does not support it. */
  private async probe(): Promise<void> {
    try {
      await this.create();
      await this.attach("a1");
    } catch (error) {
      if (TsdError.is(error, "unsupported")) throw new CannotRun(error.message);
    } finally {
      await this.clear();
    }
  }

  /** From {@link Stage.open} on. */
  get lab(): Lab {
    if (this.opened === undefined) throw new Error("the stage has no lab yet");
    return this.opened;
  }

  specOf(which: Which): NetworkSpec {
    const { driver, variant } = this.subject;
    const [ipv4, ipv6] = subnets[which];
    const cidrs = variant.ipv6 === false ? [ipv4] : [ipv4, ipv6];
    return {
      name: `kit-${which}`,
      driver: driver.type,
      options: optionsOf(this.subject, which),
      ...(driver.capabilities.needsIpam ? { subnets: cidrs } : {}),
      ...(variant.internal === true ? { internal: true } : {}),
    };
  }

  /** Particular addresses, so that a container that comes again is like the one before. */
  attachment(place: Place, which: Which = "first", publish: readonly string[] = []): AttachSpec {
    const { driver, variant } = this.subject;
    const [address, address6] = subnets[which].map((cidr) => hostOf(cidr, place === "a2" ? 3 : 2));
    return {
      netns: this.lab.netns(place),
      network: `kit-${which}`,
      publish,
      ...(driver.capabilities.needsIpam && address !== undefined ? { address } : {}),
      ...(driver.capabilities.needsIpam && address6 !== undefined && variant.ipv6 !== false ? { address6 } : {}),
    };
  }

  create(which: Which = "first"): Promise<Network> {
    return this.lab.withTsd((tsd) => tsd.networks.create(this.specOf(which)));
  }

  attach(...attachment: Parameters<Stage["attachment"]>): Promise<Endpoint> {
    return this.lab.withTsd((tsd) => tsd.endpoints.attach(this.attachment(...attachment)));
  }

  /** Takes every container off, and removes every network. */
  async clear(): Promise<void> {
    await this.lab.withTsd(async (tsd) => {
      for (const { id } of tsd.endpoints.list()) await tsd.endpoints.detach(id);
      for (const { name } of this.networksOf(tsd)) await tsd.networks.remove(name);
    });
  }

  /** Does nothing where {@link Stage.open} failed. */
  async close(): Promise<void> {
    if (this.before === undefined) return;
    await this.clear();
    expectSameLines("after all was removed", await this.comesTo(this.before), this.before);
  }

  /** What the network and its endpoints have listed, as the driver derives it from the rows. */
  lists(): Promise<readonly Resource[]> {
    const { driver } = this.subject;
    return this.lab.withTsd((tsd) =>
      this.networksOf(tsd).flatMap(({ name }) => {
        const { network, endpoints } = tsd.networks.inspect(name);
        return [...driver.network(network), ...endpoints.flatMap(({ endpoint }) => driver.endpoint(network, endpoint))];
      }),
    );
  }

  /** Waits until the host is as it was, or time is over; returns how it is then. */
  async comesTo(...conditions: readonly (readonly string[])[]): Promise<readonly string[]> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const now = await this.lab.residue();
      const same = conditions.some((expected) => contrast(expected, now).length === 0);
      if (same || Date.now() > deadline) return now;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  private networksOf(tsd: Tsd): readonly Network[] {
    return tsd.networks.list().filter(({ driver }) => driver === this.subject.driver.type);
  }
}

/** For drivers whose endpoints have no addresses, nothing can be called. */
export function needsAddresses({ driver }: DriverSubject): void {
  if (!driver.capabilities.needsIpam) throw new CannotRun("containers of this driver have no addresses");
}
