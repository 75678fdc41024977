import { rmSync } from "node:fs";
import type { Sweeper } from "../../api/index.js";
import { namesIn } from "../../kernel/names-in.js";
import { startOf } from "../../kernel/process-identity.js";
import { sweeperOf } from "../../kernel/sweeper-of.js";

/** Short-lived files of processes that are gone, see {@link NftProgram.runDocument}. */
export function documentSweeper(directory: string): Sweeper {
  return sweeperOf<string>({
    list: () => namesIn(directory).filter((name) => isLeft(/^nft-(\d+)-\d+\.json$/.exec(name)?.[1])),
    strayOf: (name) => ({ kind: "file", what: `${directory}/${name}`, why: "the process that wrote it is gone" }),
    claims: () => () => false,
    free(names) {
      for (const name of names) rmSync(`${directory}/${name}`, { force: true });
    },
  });
}

function isLeft(pid: string | undefined): boolean {
  return pid !== undefined && startOf(Number(pid)) === undefined;
}
