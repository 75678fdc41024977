import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "@jest/globals";
import { type Layer, unpackLayer } from "../../../src/runtime/images/unpack-layer.js";
import { buildTar, type TarMember } from "../../support/tar-builder.js";

/** A directory to unpack into, and beside it one that no layer may reach. */
export class UnpackLab {
  readonly world = mkdtempSync(join(tmpdir(), "tsd-unpack-"));
  readonly target = join(this.world, "layer");
  readonly outside = join(this.world, "outside");

  constructor() {
    mkdirSync(this.outside);
    writeFileSync(join(this.outside, "secret"), "untouched");
  }

  /** Unpacks a layer of these members into `target`, or elsewhere. */
  async unpack(members: readonly TarMember[], target = this.target): Promise<Layer> {
    return await unpackLayer({ stream: once(buildTar(members)), archive: "x.tar" }, target);
  }

  /** Nothing but the layer changed, and nothing was written beside it. */
  expectOutsideUntouched(): void {
    expect(readdirSync(this.world).filter((name) => name !== "layer")).toEqual(["outside"]);
    expect(readdirSync(this.outside)).toEqual(["secret"]);
    expect(readFileSync(join(this.outside, "secret"), "utf8")).toBe("untouched");
    expect(lstatSync(join(this.outside, "secret")).nlink).toBe(1);
  }
}

/** Gives each test of the calling file a lab, and removes it. */
export function useUnpackLab(): () => UnpackLab {
  let lab: UnpackLab;
  beforeEach(() => {
    lab = new UnpackLab();
  });
  afterEach(() => rmSync(lab.world, { recursive: true, force: true }));
  return () => lab;
}

async function* once(data: Buffer): AsyncGenerator<Buffer> {
  yield data;
}
