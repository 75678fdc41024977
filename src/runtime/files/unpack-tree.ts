import { linkSync, lutimesSync, mkdirSync, symlinkSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import { openFileCalls } from "../../kernel/files/file-attributes.js";
import { findPlace, type Place } from "../../kernel/files/place.js";
import { type ByteText, readable } from "../images/byte-text.js";
import { damagedArchive } from "../images/damaged-archive.js";
import { StreamBytes } from "../images/stream-bytes.js";
import { BLOCK } from "../images/tar-header.js";
import { type TarEntry, TarReader } from "../images/tar-reader.js";
import { type EntryFacts, factsOf } from "./entry-facts.js";
import { giveFactsAt } from "./give-facts.js";
import { inTheWay, makeWay } from "./make-way.js";
import { writeFileEntry } from "./write-file-entry.js";

/** A directory to unpack in. */
export interface Room {
  /** The root that links are followed within, an open directory. */
  readonly root: number;
  /** From the root. */
  readonly path: ByteText;
  /** Links on the way are followed; else what they are on the way of is refused. */
  readonly followsLinks: boolean;
  /** The archive may change owner and mode of the directory itself. */
  readonly ownsTop?: boolean;
}

export interface UnpackOptions {
  /** Names the archive in errors. */
  readonly archive: string;
  /** Keep owners, and bits that lend a file's owner to its user; else all belongs to root. */
  readonly keepOwner: boolean;
  readonly onLeftOut?: (path: string) => void;
  /** The first name of each path in the archive, and what it becomes; `.` takes it away. */
  readonly rename?: { readonly from: string; readonly to: string } | undefined;
}

/**
 * Unpacks a tar below a directory of {@link Room}. Each name is made in a directory that is held open, and nothing that is there is
 * written through: it is replaced. Device nodes are left out, since they would be ways to the machine's own devices. Returns bytes of
 * files. Throws `invalid-input` for a damaged archive and for names that lead out, and `conflict` where a directory and something
 * else would replace each other.
 */
export async function unpackTree(
  room: Room,
  archive: AsyncIterable<Uint8Array>,
  options: UnpackOptions,
): Promise<number> {
  const bytes = new StreamBytes(archive);
  try {
    return await new Unpacking(room, bytes, options).run();
  } finally {
    await bytes.close();
  }
}

class Unpacking {
  private readonly reader: TarReader;
  private written = 0;
  /** Directories get their times last: what is made in them changes these. */
  private readonly times: { readonly path: ByteText; readonly facts: EntryFacts }[] = [];

  constructor(
    private readonly room: Room,
    private readonly bytes: StreamBytes,
    private readonly options: UnpackOptions,
  ) {
    this.reader = new TarReader(bytes, options.archive);
  }

  async run(): Promise<number> {
    for (let entry = await this.reader.next(); entry !== undefined; entry = await this.reader.next()) {
      const before = entry.size;
      const taken = await this.unpack(entry);
      await this.skip(Math.ceil(before / BLOCK) * BLOCK - taken);
    }
    for await (const _ of this.bytes.remainder());
    for (const { path, facts } of this.times.toReversed()) this.giveTime(path, facts);
    return this.written;
  }

  /** Returns how many bytes of the entry's data it has read. */
  private async unpack(entry: TarEntry): Promise<number> {
    const path = this.pathOf(entry.name);
    const facts = factsOf(entry);
    if (path === ".") {
      if (entry.type === "5" && this.room.ownsTop) await this.giveTop(facts);
      return 0;
    }
    using place = this.placeAt(path, entry.name);
    switch (entry.type) {
      case "5":
        this.makeDirectory(place, entry.name);
        await giveFactsAt(place, facts, this.options);
        this.times.push({ path, facts });
        return 0;
      case "2":
        makeWay(place, entry.name);
        symlinkSync(Buffer.from(entry.link, "latin1"), place.path);
        await giveFactsAt(place, facts, { ...this.options, isLink: true });
        return 0;
      case "1":
        this.makeLink(place, entry);
        return 0;
      case "6":
        makeWay(place, entry.name);
        (await openFileCalls()).makePipe(place.path, facts.mode & 0o777);
        await giveFactsAt(place, facts, this.options);
        return 0;
      case "0":
      case "S":
        return await this.makeFile(place, { entry, facts });
      case "3":
      case "4":
        this.options.onLeftOut?.(readable(path));
        return 0;
      default:
        // What tar writes for itself.
        return 0;
    }
  }

  private makeDirectory(place: Place, name: ByteText): void {
    const found = place.status();
    if (found?.isDirectory()) return;
    if (found !== undefined) throw inTheWay(name, "a directory", "something else");
    mkdirSync(place.path, 0o700);
  }

  /** The name of a member that came before, in the same tree. */
  private makeLink(place: Place, entry: TarEntry): void {
    const target = this.pathOf(entry.link);
    using source = this.placeAt(target, entry.link);
    const status = source.status();
    // A device that was left out has no other names.
    if (status === undefined || !(status.isFile() || status.isFIFO())) return;
    if (source.status()?.ino === place.status()?.ino && status.dev === place.status()?.dev) return;
    makeWay(place, entry.name);
    linkSync(source.path, place.path);
  }

  private async makeFile(
    place: Place,
    { entry, facts }: { readonly entry: TarEntry; readonly facts: EntryFacts },
  ): Promise<number> {
    const { archive } = this.options;
    const { bytes, options: giving } = this;
    const { read, size } = await writeFileEntry(place, { entry, facts, bytes, archive, giving });
    this.written += size;
    return read;
  }

  private placeAt(path: ByteText, name: ByteText): Place {
    const place = findPlace(this.room.root, `${this.room.path}/${path}`, {
      make: true,
      refuseLinks: !this.room.followsLinks,
    });
    if (place !== undefined && place.name !== ".") return place;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_COPY_IN_THE_WAY",
      message: `"${readable(name)}" cannot be made: a part of its path is no directory`,
      hint: "Move away what is there, or copy to another directory.",
      details: { name: readable(name) },
    });
  }

  /** From the top, without `.`, in its new name. */
  private pathOf(name: ByteText): ByteText {
    const parts = name.split("/").filter((part) => part !== "" && part !== ".");
    if (parts.includes("..")) throw leadsOutside(this.options.archive, name);
    const { rename } = this.options;
    if (rename === undefined) return parts.join("/") || ".";
    const from = Buffer.from(rename.from).toString("latin1");
    const to = rename.to === "." ? [] : [Buffer.from(rename.to).toString("latin1")];
    const rest = from === "." || parts[0] === from ? parts.slice(from === "." ? 0 : 1) : parts;
    return [...to, ...rest].join("/") || ".";
  }

  /** The directory itself, which the archive is of. */
  private async giveTop(facts: EntryFacts): Promise<void> {
    using place = findPlace(this.room.root, this.room.path, { follow: true, refuseLinks: !this.room.followsLinks });
    if (place?.status()?.isDirectory()) await giveFactsAt(place, facts, this.options);
  }

  private giveTime(path: ByteText, { modified }: EntryFacts): void {
    using place = findPlace(this.room.root, `${this.room.path}/${path}`, { refuseLinks: !this.room.followsLinks });
    if (place?.status()?.isDirectory()) lutimesSync(place.path, modified, modified);
  }

  private async skip(size: number): Promise<void> {
    let missing = size;
    for await (const piece of this.bytes.pieces(size)) missing -= piece.length;
    if (missing > 0) throw damagedArchive(this.options.archive, "is cut short");
  }
}

function leadsOutside(archive: string, name: ByteText): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_COPY_ENTRY_OUTSIDE",
    message: `${archive} has the entry "${readable(name)}", which leads out of the directory`,
    hint: "Do not trust this archive.",
    details: { archive, entry: readable(name) },
  });
}
