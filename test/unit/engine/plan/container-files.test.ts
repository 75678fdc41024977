import { describe, expect, test } from "@jest/globals";
import type { Container, ContainerSpec } from "../../../../src/api/index.js";
import { keptResources, mountResources, rootfsPath } from "../../../../src/engine/plan/container-files.js";
import { containerRow, idFrom } from "../../store/support/rows.js";

const id = idFrom("c0ffee");
const paths = { root: "/state", run: "/run/tsd" };
const data = `/state/containers/${id}`;

function container(spec: ContainerSpec, layers: readonly string[] = []): Container {
  return { ...containerRow(id, "c").container, spec, layers };
}

describe("resources of a container", () => {
  test("from an image: its files are kept, and its run mounts the layers, topmost first", () => {
    const made = container({ image: "x" }, ["low", "high"]);
    expect(keptResources(paths, made)).toEqual([
      { kind: "directory", path: data },
      { kind: "directory", path: `${data}/upper`, mode: 0o755 },
      { kind: "directory", path: `${data}/work` },
      { kind: "directory", path: `${data}/rootfs` },
    ]);
    expect(mountResources({ paths, layerDirectory: (digest) => `/l/${digest}` }, made)).toEqual([
      {
        kind: "overlay",
        path: `${data}/rootfs`,
        lower: ["/l/high", "/l/low"],
        upper: `${data}/upper`,
        work: `${data}/work`,
      },
    ]);
    expect(rootfsPath(paths, made)).toBe(`${data}/rootfs`);
  });

  test("that goes with its exit: what it writes need not reach the disk", () => {
    const volatile = (autoRemove: boolean) =>
      mountResources({ paths, layerDirectory: (digest) => digest }, container({ image: "x", autoRemove }, ["low"])).map(
        (mount) => mount.kind === "overlay" && mount.volatile,
      );
    expect([true, false].flatMap(volatile)).toEqual([true, undefined]);
  });

  test("on a directory: nothing is mounted, and nobody may remove that directory", () => {
    const made = container({ rootfs: "/srv/root" });
    expect(keptResources(paths, made)).toEqual([{ kind: "directory", path: data }]);
    expect(mountResources({ paths, layerDirectory: (digest) => digest }, made)).toEqual([]);
    expect(rootfsPath(paths, made)).toBe("/srv/root");
  });
});
