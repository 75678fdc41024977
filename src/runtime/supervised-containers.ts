import { namesIn } from "../kernel/names-in.js";
import { processArguments } from "./process-table.js";

/** A container that a conmon looks after, as that was called. */
export interface Supervised {
  readonly name: string;
  /** The `TSD_ROOT` of the tsd that made it. */
  readonly root: string | undefined;
}

/** The containers below `runDir` that a conmon looks after at this moment. */
export function supervisedBelow(runDir: string): readonly Supervised[] {
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const words = processArguments(Number(pid));
      const after = (flag: string): string | undefined =>
        words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined;
      const name = after("--name");
      if (name === undefined || after("--bundle") !== `${runDir}/${after("--cid")}`) return [];
      return [{ name, root: words.find((word) => word.startsWith(rootArgument))?.slice(rootArgument.length) }];
    });
}

/** Of the call that a conmon makes when its container has ended. */
const rootArgument = "--exit-command-arg=TSD_ROOT=";
