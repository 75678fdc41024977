import { describe, expect, test } from "@jest/globals";
import { describeImage } from "../../../src/runtime/images/image-config.js";

const describeWith = (parts: unknown) =>
  describeImage(Buffer.from(JSON.stringify(parts)), { archive: "x.tar", member: "c.json" });

test.each([
  ["TERM", "TERM"],
  ["SIGRTMIN+3", "SIGRTMIN+3"],
  ["15", "15"],
  ["nonsense", undefined],
  [null, undefined],
])("the stop signal %j is taken as %j", (given, taken) => {
  expect(describeWith({ config: { StopSignal: given } }).config.stopSignal).toBe(taken);
});

test.each([
  ["2024-01-02T03:04:05.678Z", true],
  ["2024-01-02T03:04:05+01:00", true],
  ["\u001b[2J", false],
  ["2024-13-02T03:04:05Z", false],
  ["yesterday", false],
])("the time %j is taken: %j", (created, isTaken) => {
  expect(describeWith({ created }).created).toBe(isTaken ? created : undefined);
});

test("what is null is as good as missing", () => {
  const empty = { entrypoint: [], command: [], env: [], exposedPorts: [] };
  const nothing = {
    User: null,
    Env: null,
    Cmd: null,
    Entrypoint: null,
    Labels: null,
    ExposedPorts: null,
    Volumes: null,
  };
  for (const config of [undefined, null, {}, nothing, { ...nothing, WorkingDir: "", OnBuild: 7, Shell: {} }])
    expect(describeWith({ config, rootfs: null }).config).toEqual(empty);
});

test("all of a good configuration is taken", () => {
  const config = {
    User: "7:8",
    Env: ["A=", "B==\n", "C"],
    Cmd: ["", "x"],
    Entrypoint: ["e"],
    Labels: { "a.b": "1", "": "empty", __proto__: "kept" },
    ExposedPorts: { "80/tcp": {}, "1-65535/UDP": {}, "9": null },
    WorkingDir: "/a",
    Volumes: { "/data": {} },
  };
  expect(describeWith({ config, os: "linux", architecture: "amd64" })).toMatchObject({
    platform: "linux/amd64",
    config: {
      user: "7:8",
      env: config.Env,
      command: config.Cmd,
      entrypoint: ["e"],
      labels: { "a.b": "1", "": "empty" },
      exposedPorts: ["9", "80/tcp", "1-65535/UDP"],
      workdir: "/a",
    },
  });
});

describe("a configuration is refused in one sentence that names the field", () => {
  const fields: readonly (readonly [object, string])[] = [
    [{ Env: [1] }, 'config.Env[0] in "c.json" is a number, not a string'],
    [{ Env: ["A=b", null] }, 'config.Env[1] in "c.json" is missing, not a string'],
    [{ Env: "A=b" }, 'config.Env in "c.json" is a string, not a list'],
    [{ Env: { A: "b" } }, 'config.Env in "c.json" is an object, not a list'],
    [{ Env: ["=b"] }, 'config.Env[0] in "c.json" is "=b", not a name and a value'],
    [{ Env: ["A=\0"] }, 'config.Env[0] in "c.json" is "A=\\u0000", not free of NUL characters'],
    [{ Cmd: "sh" }, 'config.Cmd in "c.json" is a string, not a list'],
    [{ Cmd: [["sh"]] }, 'config.Cmd[0] in "c.json" is a list, not a string'],
    [{ Cmd: ["a\0b"] }, 'config.Cmd[0] in "c.json" is "a\\u0000b", not free of NUL characters'],
    [{ Entrypoint: true }, 'config.Entrypoint in "c.json" is a boolean, not a list'],
    [{ User: 1000 }, 'config.User in "c.json" is a number, not a string'],
    [{ User: "a\0" }, 'config.User in "c.json" is "a\\u0000", not free of NUL characters'],
    [{ WorkingDir: ["/"] }, 'config.WorkingDir in "c.json" is a list, not a string'],
    [{ WorkingDir: "srv" }, 'config.WorkingDir in "c.json" is "srv", not an absolute path'],
    [{ ExposedPorts: ["80/tcp"] }, 'config.ExposedPorts in "c.json" is a list, not an object'],
    [{ ExposedPorts: { "80/tcp": 1 } }, 'config.ExposedPorts["80/tcp"] in "c.json" is a number, not an object'],
    ...["", "http", "0", "65536/tcp", "90-80", "80/icmp", "8080:80", "-1", "80/tcp "].map((port) => {
      const shown = JSON.stringify({ [port]: {} });
      return [
        { ExposedPorts: { [port]: {} } },
        `config.ExposedPorts in "c.json" is ${shown}, not made of ports such as 80/tcp`,
      ] as const;
    }),
    [{ Labels: { a: 1 } }, 'config.Labels["a"] in "c.json" is a number, not a string'],
    [{ Labels: ["a=b"] }, 'config.Labels in "c.json" is a list, not an object'],
    [{ Volumes: "/data" }, 'config.Volumes in "c.json" is a string, not an object'],
    [{ StopSignal: 9 }, 'config.StopSignal in "c.json" is a number, not a string'],
  ];
  const documents: readonly (readonly [unknown, string])[] = [
    ...fields.map(([config, why]) => [{ config }, why] as const),
    [[], 'the whole in "c.json" is a list, not an object'],
    ["x", 'the whole in "c.json" is a string, not an object'],
    [{ config: [] }, 'config in "c.json" is a list, not an object'],
    [{ architecture: 64 }, 'architecture in "c.json" is a number, not a string'],
    [{ os: {} }, 'os in "c.json" is an object, not a string'],
    [{ created: 0 }, 'created in "c.json" is a number, not a string'],
    [{ rootfs: [] }, 'rootfs in "c.json" is a list, not an object'],
    [{ rootfs: { type: "zip" } }, 'rootfs.type in "c.json" is "zip", not "layers"'],
    [{ rootfs: { diff_ids: "x" } }, 'rootfs.diff_ids in "c.json" is a string, not a list'],
    [{ rootfs: { diff_ids: ["sha256:0"] } }, 'rootfs.diff_ids[0] in "c.json" is "sha256:0", not a sha256 digest'],
  ];
  test.each(documents)("%j", (parts, why) => {
    expect(() => describeWith(parts)).toThrow(
      expect.objectContaining({
        kind: "invalid-input",
        code: "TSD_IMAGE_ARCHIVE_DAMAGED",
        message: `x.tar is damaged: ${why}`,
      }),
    );
  });
});

describe("what may be there in any number is bounded", () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `N${at}=x`);
  const digests = (count: number) => many(count).map((_, at) => `sha256:${at.toString(16).padStart(64, "0")}`);
  const keyed = <T>(count: number, value: T) => Object.fromEntries(many(count).map((key) => [key, value]));
  test.each<[string, (count: number) => object, number]>([
    ['entries in config.Env of "c.json"', (count) => ({ config: { Env: many(count) } }), 4096],
    ['entries in config.Cmd of "c.json"', (count) => ({ config: { Cmd: many(count) } }), 4096],
    ['entries in config.Labels of "c.json"', (count) => ({ config: { Labels: keyed(count, "v") } }), 4096],
    [
      'entries in config.Volumes of "c.json"',
      (count) => ({ config: { Volumes: Object.fromEntries(many(count).map((key) => [`/${key}`, {}])) } }),
      4096,
    ],
    ["layers in one image", (count) => ({ rootfs: { diff_ids: digests(count) } }), 127],
  ])("%s", (what, partsOf, most) => {
    expect(() => describeWith(partsOf(most))).not.toThrow();
    expect(() => describeWith(partsOf(most + 1))).toThrow(
      expect.objectContaining({
        kind: "invalid-input",
        code: "TSD_IMAGE_TOO_MUCH",
        message: `x.tar has ${most + 1} ${what}, and ${most} is the most`,
      }),
    );
  });

  test("a word is no longer than the kernel takes", () => {
    const word = "x".repeat(131_071);
    expect(describeWith({ config: { Cmd: [word] } }).config.command).toEqual([word]);
    for (const config of [{ Cmd: [`${word}x`] }, { Env: [`A=${word}`] }, { Entrypoint: [`${word.slice(1)}ü`] }])
      expect(() => describeWith({ config })).toThrow(/of at most 131071 bytes$/);
  });
});
