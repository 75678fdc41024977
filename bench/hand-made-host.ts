import { type Argv, read } from "./command.ts";
import { inHost, makeUplink } from "./host.ts";

/** A host as {@link Host} is one, with a bridge and guests on it by iproute2 alone. */
export interface HandMadeHost {
  readonly netns: string;
  readonly client: string;
  readonly guests: readonly string[];
  /** Runs a command there. */
  run(command: Argv, input?: string): string;
  close(): void;
}

/** The subnet of its bridge; guests have .2 and so on. */
export const SUBNET = "10.219.0.0/24";
export const BRIDGE = "bench0";

let made = 0;

export function makeHandMadeHost(count: number): HandMadeHost {
  const number = ++made;
  const [netns, client] = [`hand${number}`, `hand${number}-client`];
  const guests = Array.from({ length: count }, (_, at) => `hand${number}-${at}`);
  for (const name of [netns, client, ...guests]) read(["ip", "netns", "add", name]);
  makeUplink(netns, client);
  const run = (command: Argv, input = ""): string => read(inHost(netns, command), { input });
  run(["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  run(
    ["ip", "-batch", "-"],
    `link add ${BRIDGE} type bridge\naddr add 10.219.0.1/24 dev ${BRIDGE}\nlink set ${BRIDGE} up\n`,
  );
  for (const [at, guest] of guests.entries()) {
    run(
      ["ip", "-batch", "-"],
      `link add port${at} type veth peer name eth0 netns ${guest}\nlink set port${at} master ${BRIDGE} up\n`,
    );
    read(["ip", "-n", guest, "-batch", "-"], {
      input: `link set lo up\nlink set eth0 up\naddr add ${guestAddress(at)}/24 dev eth0\nroute add default via 10.219.0.1\n`,
    });
  }
  const close = (): void => {
    for (const name of [netns, client, ...guests]) read(["ip", "netns", "del", name]);
  };
  return { netns, client, guests, run, close };
}

export function guestAddress(at: number): string {
  return `10.219.0.${at + 2}`;
}
