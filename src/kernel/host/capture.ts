import { basename } from "node:path";
import type { PacketCapture } from "../../contracts/index.js";
import { inNetns } from "../netns/netns.js";
import { programPath } from "../programs/program-path.js";
import { runRelayed } from "../programs/relayed-program.js";

/** Makes what the program prints come out at once, by its name. */
const atOnce: Readonly<Record<string, readonly string[]>> = { tcpdump: ["-U"], tshark: ["-l"] };

/**
 * Runs the first program that is installed. If tsd dies, it ends: setpriv(1) has the kernel report that to timeout(1), which has
 * no time of its own, and by which the signal reaches a program that has given up root.
 */
export async function capture(wanted: PacketCapture): Promise<number> {
  const { netns, streams, onStart } = wanted;
  const [file, ...args] = captureCommand(wanted);
  const run = (): Promise<number> =>
    runRelayed({
      file: "setpriv",
      args: ["--pdeathsig", "ALRM", "--", "timeout", "--signal", "KILL", "0", file, ...args],
      streams: { stdin: undefined, stdout: () => streams.stdout, stderr: () => streams.stderr },
      onStart,
    });
  // A program starts in the namespace that the thread is in.
  return netns === undefined ? run() : inNetns(netns, run);
}

/** An argument vector. A user who names an interface gets that one. Throws `unsupported`. */
export function captureCommand({ link, args }: Pick<PacketCapture, "link" | "args">): readonly [string, ...string[]] {
  const file = programPath("tcpdump", "tshark", "dumpcap");
  const isNamed = args.some((word) => /^(-i|--interface)/.test(word) || word === "-D" || word === "-r");
  return [file, ...(isNamed ? [] : ["-i", link]), ...(atOnce[basename(file)] ?? []), ...args];
}
