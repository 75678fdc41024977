import { type ChildProcessByStdio, spawn } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { findPlace, openName, openRoot, type Place } from "../files/place.js";
import { inheritance } from "../programs/inheritance.js";

export interface LayerViewSpec {
  /** Directories, the topmost first, all in one directory. */
  readonly layers: readonly string[];
  /** A directory that exists, to mount on. */
  readonly place: string;
  /** Absent: nothing can be written, and the last layer is the caller's empty directory. */
  readonly writable?: { readonly upper: string; readonly work: string };
  /** One more layer above all, wherever it is, which others may write to meanwhile. What is written here goes with the view. */
  readonly over?: string;
}

/**
 * Mounts what it is told in a mount namespace of its own, and goes with its standard input: what it mounted goes with it. Paths
 * below /proc/PID/fd are not to be resolved by mount(8), and its newer way of mounting follows none of them.
 */
const HOLDER = `
if [ -n "$4" ]; then mount -t tmpfs -o mode=755,size=1m tmpfs "$3" && mkdir "$3/upper" "$3/work" || exit 1; fi
if [ -n "$2" ]; then cd "$1" && mount -t overlay -o "$2" overlay "$3"; fi || exit 1
echo ready
while read -r option source target; do
  if [ "$option" = bind ]; then mount --no-canonicalize --bind "$source" "$target"
  else mount --no-canonicalize -o "remount,bind,ro" "$target"; fi && echo done || exit 1
done`;

/**
 * Layers or a directory as a container would see them, in a mount namespace that no other process is in. Nothing of it outlives the
 * calling process.
 */
export class LayerView implements AsyncDisposable {
  private readonly lines: AsyncIterator<string>;

  private constructor(
    private readonly holder: ChildProcessByStdio<Writable, Readable, Readable>,
    private readonly reader: Interface,
    private readonly ended: Promise<string>,
  ) {
    this.lines = reader[Symbol.asyncIterator]();
  }

  /** The directory of the view, opened; the caller closes it. */
  root = -1;

  /** With a path in place of layers, that directory is shown. */
  static async open(shown: LayerViewSpec | string): Promise<LayerView> {
    const words: MountWords = typeof shown === "string" ? { from: "/", options: "", place: shown } : mountWords(shown);
    const { options, place, hasScratch = false } = words;
    const what = () => `mount ${options === "" ? place : `overlay ${place}`} in a mount namespace of its own`;
    return boundaryOperation({ into: "mount", what, reads: true }, async () => {
      const view = LayerView.start([words.from, options, place, hasScratch ? "scratch" : ""]);
      await view.next();
      view.root = openRoot(`/proc/${view.holder.pid}/root${place}`);
      return view;
    });
  }

  private static start(words: readonly string[]): LayerView {
    const args = ["--mount", "--propagation", "private", "sh", "-c", HOLDER, "sh", ...words];
    const env = inheritance({ LIBMOUNT_FORCE_MOUNT2: "always", LC_ALL: "C" });
    const holder = spawn("unshare", args, { stdio: ["pipe", "pipe", "pipe"], env, cwd: "/" });
    let said = "";
    holder.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    holder.stdin.on("error", () => undefined);
    const ended = new Promise<string>((resolve) => {
      holder.on("error", (error) => resolve(error.message));
      holder.on("close", () => resolve(said.trim().split("\n")[0] || "it ended"));
    });
    return new LayerView(holder, createInterface({ input: holder.stdout }), ended);
  }

  /**
   * Mounts a path of the host, or what `within` leads to below it, at `target` of the view, which is made if it is missing. Nothing is
   * mounted if either is not there or cannot be made.
   */
  async bind(source: string, target: string, { readOnly = false, within = "." } = {}): Promise<void> {
    const host = openRoot(`/proc/${this.holder.pid}/root`);
    try {
      using from =
        within === "." ? findPlace(host, latin1(source), { follow: true }) : findWithin(host, source, within);
      if (from?.status() === undefined) return;
      using at = findPlace(this.root, latin1(target), { follow: true, make: true });
      if (at === undefined || !prepare(at, from)) return;
      const [given, taken] = [openHere(from), openHere(at)];
      try {
        await this.say(`bind ${given.path} ${taken.path}`);
      } finally {
        given.close();
        taken.close();
      }
      if (!readOnly) return;
      // The mount itself, which covers what was there.
      const mounted = openHere(at);
      try {
        await this.say(`ro - ${mounted.path}`);
      } finally {
        mounted.close();
      }
    } finally {
      closeSync(host);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.root >= 0) closeSync(this.root);
    this.holder.stdin.end();
    this.reader.close();
    this.holder.stdout.resume();
    await this.ended;
  }

  private async say(line: string): Promise<void> {
    this.holder.stdin.write(`${line}\n`);
    await this.next();
  }

  private async next(): Promise<void> {
    const { done } = await this.lines.next();
    if (done !== true) return;
    throw new TsdError({
      kind: "kernel",
      code: "TSD_VIEW_FAILED",
      message: `the files of a container cannot be mounted to be looked at: ${await this.ended}`,
      hint: "See what the kernel says: dmesg | tail",
    });
  }
}

function latin1(path: string): string {
  return Buffer.from(path).toString("latin1");
}

interface MountWords {
  readonly from: string;
  readonly options: string;
  readonly place: string;
  /** What is written goes to a file system in memory, mounted on the place before. */
  readonly hasScratch?: boolean;
}

/**
 * Where to begin, the options of the overlay and the place, each path as short as can be: options take one page. With `index` the
 * kernel refuses a layer that another overlay writes to.
 */
function mountWords({ layers, place, writable, over }: LayerViewSpec): MountWords {
  const from = dirname(layers[0] ?? "/");
  const lower = layers.map((layer) => (dirname(layer) === from ? basename(layer) : relative(from, layer)));
  if (over !== undefined) {
    const here = relative(from, place);
    const scratch = `upperdir=${here}/upper,workdir=${here}/work,index=off`;
    const options = `lowerdir=${[relative(from, over), ...lower].join(":")},${scratch},nodev`;
    return { from, options, place, hasScratch: true };
  }
  const upper = writable && `upperdir=${relative(from, writable.upper)},workdir=${relative(from, writable.work)}`;
  const words = [`lowerdir=${lower.join(":")}`, ...(upper === undefined ? ["ro"] : [upper]), "nodev"];
  return { from, options: words.join(","), place };
}

/** What `within` leads to in the directory `source`, and never out of it. */
function findWithin(host: number, source: string, within: string): Place | undefined {
  using place = findPlace(host, latin1(source), { follow: true });
  const volume = place === undefined ? undefined : openName(place);
  if (volume === undefined) return undefined;
  try {
    return findPlace(volume, latin1(within), { follow: true });
  } finally {
    closeSync(volume);
  }
}

/** Makes what is mounted over. False where the one is a directory and the other is not. */
function prepare(at: Place, from: Place): boolean {
  const isDirectory = from.status()?.isDirectory() === true;
  const found = at.status();
  if (found !== undefined) return found.isDirectory() === isDirectory && !found.isSymbolicLink();
  if (isDirectory) mkdirSync(at.path, 0o755);
  else closeSync(openSync(at.path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o644));
  return true;
}

/** A descriptor of this process, by a path that other processes follow. */
function openHere(place: Place): { readonly path: string; readonly close: () => void } {
  const descriptor = openName(place);
  if (descriptor === undefined) throw new Error("what was to be mounted is gone");
  return { path: `/proc/${process.pid}/fd/${descriptor}`, close: () => closeSync(descriptor) };
}
