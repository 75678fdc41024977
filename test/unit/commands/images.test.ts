import { describe, expect, test } from "@jest/globals";
import type { Image, ImageSource, SystemInfo } from "../../../src/api/index.js";
import { makeImage, now } from "../presenters/samples.js";
import { runCommand, streams } from "./run-command.js";

describe("image import", () => {
  test.each([
    ["rootfs.tar", "/home/user/rootfs.tar"],
    ["/srv/rootfs.tar", "/srv/rootfs.tar"],
    ["-", streams.stdin],
  ])("%s is read from the right place, and the id printed", async (file, from) => {
    const asked: unknown[] = [];
    const load = async (source: ImageSource, name: string): Promise<Image> => {
      asked.push(source.from, source.onProgress, name);
      return makeImage();
    };
    const outcome = await runCommand("image import", [file, "mine"], { tsd: { images: { import: load } } });
    expect(outcome).toMatchObject({ stdout: `sha256:${"b1".repeat(32)}\n`, stderr: "", error: undefined });
    expect(asked).toEqual([from, undefined, "mine"]);
  });

  test("is refused from a terminal", async () => {
    const surroundings = { isTerminal: () => true };
    expect((await runCommand("image import", ["-", "mine"], { surroundings })).error).toMatchObject({
      code: "TSD_IMAGE_SOURCE_MISSING",
    });
  });
});

describe("image load", () => {
  const images = [makeImage({ names: ["a:1", "b:2"] }), makeImage({ names: [] })];

  test.each([
    [["-i", "x.tar"], "/home/user/x.tar"],
    [[], streams.stdin],
  ])("%j", async (argv, from) => {
    const load = async (source: ImageSource): Promise<readonly Image[]> => {
      expect(source.from).toBe(from);
      return images;
    };
    const { stdout } = await runCommand("image load", argv, { tsd: { images: { load } } });
    expect(stdout).toBe(`Loaded image: a:1\nLoaded image: b:2\nLoaded image ID: sha256:${"b1".repeat(32)}\n`);
  });

  test("draws a bar where standard error is a terminal, not with every byte, and wipes it", async () => {
    let clock = now;
    const load = async ({ onProgress }: ImageSource): Promise<readonly Image[]> => {
      for (let done = 0; done <= 100; done += 1) {
        onProgress?.(done, 100);
        clock += 5;
      }
      throw new Error("the archive is damaged");
    };
    const outcome = await runCommand("image load", ["-i", "x.tar"], {
      tsd: { images: { load } },
      surroundings: { isTerminal: (descriptor) => descriptor === 2, now: () => clock },
    });
    const drawn = outcome.stderr.split("\r\u001b[K").slice(1);
    expect(drawn).toHaveLength(12);
    expect(drawn[0]).toMatch(/^x\.tar {2}\[>.*\] {2}0B\/100B$/);
    expect(drawn.at(-1)).toBe("");
    expect(outcome).toMatchObject({ stdout: "", error: { message: "the archive is damaged" } });
  });
});

test("image ls and rm", async () => {
  const images = { list: () => [makeImage()], remove: async () => makeImage() };
  expect((await runCommand("image ls", ["--format", "{{.Repository}} {{.Size}}"], { tsd: { images } })).stdout).toBe(
    "busybox 4.26MB\n",
  );
  expect((await runCommand("image rm", ["busybox", "b1"], { tsd: { images } })).stdout).toBe("busybox\nb1\n");
});

test("system info prints words, JSON, or what a template asks for", async () => {
  const info = {
    version: "1.0.0",
    apiVersion: 1,
    javascript: { runtime: "Node.js", version: "v26", path: "/usr/bin/node" },
    nat: { backend: "nftables", why: "the first that works here", version: "1.0.6", transport: "netlink" },
    drivers: ["bridge"],
    runtime: {},
    containers: { total: 1, running: 0 },
  } as unknown as SystemInfo;
  const tsd = { system: { info: async () => info } };
  expect((await runCommand("system info", [], { tsd })).stdout).toContain(
    "NAT backend:     nftables 1.0.6 by netlink (the first that works here)\n",
  );
  expect(JSON.parse((await runCommand("system info", ["--json"], { tsd })).stdout)).toEqual(info);
  expect((await runCommand("system info", ["-f", "{{.nat.backend}}"], { tsd })).stdout).toBe("nftables\n");
});
