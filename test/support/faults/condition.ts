import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { contrast as contrastOfLines } from "../../../src/testing/expectations.js";
import { withoutChance } from "../../../src/testing/lab/chance.js";
import { networkResidue } from "../../../src/testing/lab/network-residue.js";
import { stateResidue } from "../../../src/testing/lab/state-residue.js";
import type { Host } from "../lab/host.js";
import { mounts, processes } from "../lab/process-residue.js";

/** What a container wrote, and what is mounted there, says nothing of tsd. */
const beside = /^file .*\/(containers\/\w+\/(rootfs|upper|work)|logs)\/./;

/** A container's exit command is the launcher if the library started it, and the executable if that did. */
const ownProgram = /\/(bin|dist)\/tsd\b/g;

/** A resolver is the executable or a program of Node.js, whichever started it. */
const resolver = /^process .*(@resolver|\/resolver\.cjs)$/;

/**
 * All that is on a host but cgroups of others, which are the whole machine's, and descriptors, which are the test's own; with what is left to chance left out: names, so that a container made again is like the one before,
 * how soon the kernel sees that nobody is on a bridge, and what rules have counted.
 */
export async function condition(host: Host): Promise<string> {
  const found = [
    ...(await networkResidue(host)),
    ...processes(host),
    ...mounts(),
    ...stateResidue(host),
    ...groupValues(host),
  ];
  const lines = found.filter((line) => !beside.test(line));
  return lines
    .map((line) => withoutChance(line).replaceAll(ownProgram, "/tsd").replace(resolver, "process resolver"))
    .sort()
    .join("\n");
}

/** What can change in the control groups of the host's containers. */
function groupValues({ runDirectory }: Host): readonly string[] {
  const names = ["freezer.state", "pids.max", "memory.limit_in_bytes", "cgroup.freeze", "memory.max"];
  return globSync(`${runDirectory}/containers/*`).flatMap((bundle) =>
    names.flatMap((name) =>
      globSync(`/sys/fs/cgroup/{,*/}tsd-${basename(bundle)}/${name}`).map(
        (file) => `group ${name} ${readFileSync(file, "utf8").trim()}`,
      ),
    ),
  );
}

/** Lines that one of two conditions has more often than the other. */
export function contrast(expected: string, found: string): readonly string[] {
  return contrastOfLines(expected.split("\n"), found.split("\n"));
}
