import { describe, expect, test } from "@jest/globals";
import type { Container, ContainerSpec } from "../../../src/api/index.js";
import { keptResources, nameFiles, netnsPath, rootfsPath, runResources } from "../../../src/engine/container-files.js";
import { containerRow, idFrom } from "../store/support/rows.js";

const id = idFrom("c0ffee");
const paths = { root: "/state", run: "/run/tsd" };
const data = `/state/containers/${id}`;

function container(spec: ContainerSpec, layers: readonly string[] = []): Container {
  return { ...containerRow(id, "c").container, spec, layers };
}

describe("names inside a container", () => {
  function contents(facts: Partial<Parameters<typeof nameFiles>[1]>): Readonly<Record<string, string>> {
    const files = nameFiles("/d", { hostname: "web", addresses: [], nameservers: [], ...facts });
    for (const { mode } of files) expect(mode).toBe(0o644);
    return Object.fromEntries(files.map(({ path, content }) => [path, content]));
  }

  test("are its own, at each of its addresses, and localhost", () => {
    const files = contents({ addresses: ["10.0.0.2/24", "fd00::2/64"] });
    expect(files["/d/hosts"]).toBe(
      "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.0.2\tweb\nfd00::2\tweb\n",
    );
    expect(files["/d/hostname"]).toBe("web\n");
  });

  test.each([
    [["192.0.2.53", "2001:db8::53"], "nameserver 192.0.2.53\nnameserver 2001:db8::53\n"],
    [["127.0.0.53", "192.0.2.53"], "nameserver 192.0.2.53\n"],
    [["::1", "127.1.2.3"], ""],
    [[], ""],
  ])("are asked of %j, without those on the host's loopback", (nameservers, text) => {
    expect(contents({ nameservers })["/d/resolv.conf"]).toBe(text);
  });
});

describe("resources of a container", () => {
  test("from an image: its files are kept, and its run mounts the layers, topmost first", () => {
    const made = container({ image: "x" }, ["low", "high"]);
    expect(keptResources(paths, made)).toEqual([
      { kind: "directory", path: data },
      { kind: "directory", path: `${data}/upper`, mode: 0o755 },
      { kind: "directory", path: `${data}/work` },
      { kind: "directory", path: `${data}/rootfs` },
    ]);
    const netns = "/run/tsd/netns/c0ffee000000";
    expect(netnsPath(paths, id)).toBe(netns);
    expect(runResources({ paths, layerDirectory: (digest) => `/l/${digest}` }, made, [])).toEqual([
      {
        kind: "overlay",
        path: `${data}/rootfs`,
        lower: ["/l/high", "/l/low"],
        upper: `${data}/upper`,
        work: `${data}/work`,
      },
      { kind: "netns", path: netns },
      { kind: "link", type: "loopback", name: "lo", netns },
    ]);
    expect(rootfsPath(paths, made)).toBe(`${data}/rootfs`);
  });

  test("on a directory: nothing is mounted, and that directory is nobody's to remove", () => {
    const made = container({ rootfs: "/srv/root" });
    expect(keptResources(paths, made)).toEqual([{ kind: "directory", path: data }]);
    const kinds = runResources({ paths, layerDirectory: (digest) => digest }, made, []).map(({ kind }) => kind);
    expect(kinds).toEqual(["netns", "link"]);
    expect(rootfsPath(paths, made)).toBe("/srv/root");
  });
});
