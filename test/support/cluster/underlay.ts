import { randomBytes } from "node:crypto";
import { Namespace } from "../lab/namespace.js";
import { mustRun } from "../lab/program.js";

/** Name of each machine's interface on the wire. */
const wire = "wire0";

/** Addresses of the machine with a number; documentation ranges, RFC 5737 and RFC 3849. */
export const addressOf = (number: number): string => `192.0.2.${number}`;
export const address6Of = (number: number): string => `2001:db8:2::${number}`;

/** In the switch: frames from a port to another one whose names stand in `cut` go no further. */
const filter = `
table bridge underlay {
  set cut { type ifname . ifname; }
  chain forward { type filter hook forward priority 0; iifname . oifname @cut drop; }
}
`;

/** The wire between machines: a switch in a namespace of its own, which can be cut between any two of them. */
export class Underlay implements AsyncDisposable {
  private constructor(
    private readonly name: string,
    private readonly namespace: Namespace,
  ) {}

  static async open(): Promise<Underlay> {
    const name = `underlay-${randomBytes(4).toString("hex")}`;
    const namespace = await Namespace.create(name);
    await namespace.ip("link add switch type bridge", "link set switch up");
    await namespace.mustRun(["nft", "-f", "-"], { input: filter });
    return new Underlay(name, namespace);
  }

  /** Connects a machine, which then has the addresses of that number. */
  async connect(machine: Namespace, number: number): Promise<void> {
    const port = portOf(number);
    // The kernel takes that of a machine that lost its power away in its own time.
    await this.namespace.run(["ip", "link", "delete", port]);
    // By a path: the machine's namespace may have no name where this process is.
    await machine.mustRun([
      ...["ip", "link", "add", wire, "type", "veth", "peer", "name", port],
      ...["netns", `/proc/1/root${this.namespace.path}`],
    ]);
    await this.namespace.ip(`link set ${port} master switch up`);
    // An address is in use at once, not after the second that duplicate address detection takes (RFC 4862).
    await machine.mustRun(["sysctl", "--quiet", "--write", `net.ipv6.conf.${wire}.accept_dad=0`]);
    await machine.ip(
      `address add ${addressOf(number)}/24 dev ${wire}`,
      `address add ${address6Of(number)}/64 dev ${wire}`,
      `link set ${wire} up`,
    );
  }

  /** From now on no frame passes between a machine of the one side and one of the other. */
  async cut(one: readonly number[], other: readonly number[]): Promise<void> {
    const pairs = one.flatMap((left) => other.flatMap((right) => [pair(left, right), pair(right, left)]));
    await this.namespace.mustRun(["nft", `add element bridge underlay cut { ${pairs.join(", ")} }`]);
  }

  /** What leaves the switch for these machines passes a netem from now on, with words as of tc-netem(8); none: as before. */
  async disturb(numbers: readonly number[], words: readonly string[]): Promise<void> {
    const what = words.length === 0 ? ["pfifo"] : ["netem", ...words];
    for (const number of numbers)
      await this.namespace.mustRun(["tc", "qdisc", "replace", "dev", portOf(number), "root", ...what]);
  }

  async heal(): Promise<void> {
    await this.namespace.mustRun(["nft", "flush set bridge underlay cut"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await mustRun(["ip", "netns", "delete", this.name]);
  }
}

const portOf = (number: number): string => `port${number}`;
const pair = (from: number, to: number): string => `${portOf(from)} . ${portOf(to)}`;
