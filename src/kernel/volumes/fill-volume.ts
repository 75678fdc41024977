import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import type { VolumeContent } from "../../api/file-resource.js";
import { boundaryOperation } from "../boundary-operation.js";
import { findPlace, openName } from "../files/place.js";
import { copyTree } from "./copy-tree.js";
import { LayerView } from "./layer-view.js";

/**
 * Copies what a root file system has at a path into a volume that is empty, with owners, modes, attributes, hard links and holes.
 * First it is copied aside, to `filling`. From the moment that the copy is renamed to `filled` it is the volume's, and
 * {@link completeFill} finishes what remains.
 */
export async function fillVolume(volume: string, { root, path }: VolumeContent): Promise<void> {
  const aside = `${volume}/filling`;
  boundaryOperation({ into: "file", what: () => `make ${aside}/` }, () => {
    mkdirSync(`${aside}/empty`, { recursive: true, mode: 0o700 });
    mkdirSync(`${aside}/view`);
  });
  const shown = typeof root === "string" ? root : { layers: [...root, `${aside}/empty`], place: `${aside}/view` };
  await using view = await LayerView.open(shown);
  const directory = directoryAt(view.root, path);
  if (directory !== undefined) {
    await copyTree(directory, `${aside}/copy`).finally(() => closeSync(directory));
    move(`${aside}/copy`, `${volume}/filled`);
  }
  completeFill(volume);
}

/** Finishes a copy that is whole, and removes one that is not. Does nothing where there is none. */
export function completeFill(volume: string): void {
  const [whole, part] = [`${volume}/filled`, `${volume}/filling`];
  if (existsSync(whole)) moveContent(whole, `${volume}/_data`);
  for (const path of [whole, part])
    if (existsSync(path))
      boundaryOperation({ into: "file", what: () => `remove ${path}/` }, () => rmSync(path, { recursive: true }));
}

/** Entry by entry, since containers may have the volume mounted already. What they have written meanwhile stays. */
function moveContent(from: string, to: string): void {
  boundaryOperation({ into: "file", what: () => `move the content of ${from}/ to ${to}/` }, () => {
    for (const name of readdirSync(from, "buffer")) {
      const [here, there] = [from, to].map((directory) => Buffer.concat([Buffer.from(`${directory}/`), name]));
      if (here !== undefined && there !== undefined && !existsSync(there)) renameSync(here, there);
    }
    const { uid, gid, mode, atime, mtime } = statSync(from);
    chownSync(to, uid, gid);
    chmodSync(to, mode & 0o7777);
    utimesSync(to, atime, mtime);
  });
}

function directoryAt(root: number, path: string): number | undefined {
  using place = findPlace(root, Buffer.from(path).toString("latin1"), { follow: true });
  if (place?.status()?.isDirectory() !== true) return undefined;
  return openName(place);
}

function move(from: string, to: string): void {
  boundaryOperation({ into: "file", what: () => `move ${from} to ${to}` }, () => renameSync(from, to));
}
