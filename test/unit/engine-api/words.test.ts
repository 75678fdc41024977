import { arch } from "node:process";
import { describe, expect, test } from "@jest/globals";
import { parseDocument } from "../../../src/contracts/json-field.js";
import { frame } from "../../../src/engine-api/http/frames.js";
import { Query } from "../../../src/engine-api/http/query.js";
import { containerSpec } from "../../../src/engine-api/requests/container-spec.js";
import { changedLimitsOf } from "../../../src/engine-api/requests/limits.js";
import { Router } from "../../../src/engine-api/router.js";
import { takeVersion } from "../../../src/engine-api/version.js";
import { goArchitecture } from "../../../src/runtime/images/platform.js";

const query = (text: string): Query => new Query(new URLSearchParams(text));

test("queries are read as docker reads them", () => {
  const read = query("a=1&b=0&c=&d=False&e=none&f=yes&n=-1&x=1e3");
  expect(["a", "b", "c", "d", "e", "f", "g"].map((key) => read.flag(key))).toEqual([
    true,
    false,
    false,
    false,
    false,
    true,
    false,
  ]);
  expect([read.integer("n"), read.integer("c"), read.text("c")]).toEqual([-1, undefined, undefined]);
  expect(() => read.integer("x")).toThrow('x is no whole number: "1e3"');
  expect(query("since=0").time("since")).toBeUndefined();
  expect(query("since=1700000000").time("since")).toBe("2023-11-14T22:13:20.000000000Z");
  expect(query("since=1700000000.000000012").time("since")).toBe("2023-11-14T22:13:20.000000012Z");
  expect(query("since=1.5").time("since")).toBe("1970-01-01T00:00:01.500000000Z");
  expect(query("since=1.12345678901").time("since")).toBe("1970-01-01T00:00:01.123456789Z");
  expect(query("since=2026-01-31T01:00:00%2B01:00").time("since")).toBe("2026-01-31T00:00:00.000000000Z");
  for (const wrong of ["soon", "Jan 1 2026", "1700000000000000"]) {
    expect(() => query(`since=${wrong}`).time("since")).toThrow("is no time");
  }
  expect(query(`filters=${encodeURIComponent('{"label":["a=b"],"name":{"x":true,"y":false}}')}`).filters()).toEqual({
    label: ["a=b"],
    name: ["x"],
  });
  for (const wrong of ["[]", "1", '{"a":1}', '{"a":[1]}', "{"]) {
    expect(() => query(`filters=${encodeURIComponent(wrong)}`).filters()).toThrow("invalid filter");
  }
  const long = "x".repeat(4097);
  expect(() => query(`name=${long}`).text("name")).toThrow("name has more than 4096 characters");
  expect(() => query(`filters={"name":["${long}"]}`).filters()).toThrow("more than 4096 characters");
});

test("frames have docker's head", () => {
  expect([...frame(2, Buffer.from("ab"))]).toEqual([2, 0, 0, 0, 0, 0, 0, 2, 97, 98]);
});

test("versions are taken off paths, within bounds", () => {
  expect(takeVersion("/v1.24/info")).toEqual({ minor: 24, path: "/info" });
  expect(takeVersion("/_ping")).toEqual({ minor: 49, path: "/_ping" });
  for (const path of ["/v1.23/x", "/v0.99/x", "/v1/x"]) expect(() => takeVersion(path)).toThrow("is too old");
  for (const path of ["/v1.50/x", "/v2.0/x", "/v2/x"]) expect(() => takeVersion(path)).toThrow("is too new");
});

test("routes are found by method and path, whose parts are decoded", () => {
  const reply = (): void => undefined;
  const router = new Router([
    { method: "GET", path: "/images/json", reply },
    { method: "GET", path: "/images/{name*}/json", reply },
    { method: "POST", path: "/containers/{id}/start", reply },
  ]);
  expect(router.find("GET", "/images/a.example/b%2Fc:1/json").param("name")).toBe("a.example/b/c:1");
  expect(router.find("GET", "/images/json").param("name")).toBe("");
  expect(router.find("POST", "/containers/..%2F..%2Fetc/start").param("id")).toBe("../../etc");
  expect(() => router.find("POST", "/containers/a/b/start")).toThrow("page not found");
  expect(() => router.find("GET", "/containers/a/start")).toThrow("does not accept the method GET");
  expect(() => router.find("POST", "/containers/%00/start")).toThrow("NUL");
  expect(() => router.find("POST", "/containers/%f/start")).toThrow("encoded as a URL");
});

test("limits that a container is given later are read as those of a new one", () => {
  const body = parseDocument('{"NanoCpus":500000000,"Memory":0}', "body", (message) => new Error(message));
  expect(changedLimitsOf(body)).toEqual({ cpus: 0.5 });
});

const mounts = (options: object | null): object => ({
  Mounts: [{ Type: "volume", Source: "v", Target: "/v", VolumeOptions: options }],
});

describe("the body of a container", () => {
  const spec = (body: object, platform?: string) =>
    containerSpec(
      parseDocument(JSON.stringify(body), "body", (message) => new Error(message)),
      { platform },
    );

  test("asks for nothing by what Go writes for nothing", () => {
    const host = { Binds: null, LogConfig: { Type: "", Config: {} }, NetworkMode: "default", PortBindings: {} };
    const none = { Memory: 0, MemorySwappiness: -1, RestartPolicy: { Name: "" }, PidsLimit: null, Devices: [] };
    const config = { EndpointsConfig: { default: { IPAMConfig: null, Aliases: null, MacAddress: "", GwPriority: 0 } } };
    expect(
      spec({
        Image: "i",
        Cmd: null,
        Entrypoint: [],
        Env: null,
        HostConfig: { ...host, ...none },
        NetworkingConfig: config,
      }),
    ).toEqual({ image: "i", tty: false, interactive: false, autoRemove: false });
    expect(spec({ Image: "i" })).toEqual({ image: "i", tty: false, interactive: false, autoRemove: false });
  });

  test.each([
    [{ DeviceRequests: [{ Driver: "", Count: -1, Capabilities: [["gpu"]] }] }, "DeviceRequests is not"],
    [{ StorageOpt: { size: "1g" } }, '--storage-opt "size=1g" is not possible'],
    [{ CgroupParent: "/x" }, "each container has a control group of its own"],
    [{ UsernsMode: "private" }, "the host's user namespace"],
    [{ Isolation: "hyperv" }, "Isolation hyperv is not"],
    [{ VolumeDriver: "nfs" }, "the volume driver nfs is not"],
    [mounts({ DriverConfig: { Name: "nfs" } }), "the volume driver nfs is not"],
    [
      mounts({ DriverConfig: { Name: "local", Options: { type: "nfs" } } }),
      "the option type of a mount's volume is not",
    ],
  ])("is refused for %j", (host, sentence) => {
    const asking = (): unknown => spec({ Image: "i", HostConfig: host });
    expect(asking).toThrow(sentence);
    expect(asking).toThrow(expect.objectContaining({ kind: "unsupported" }));
  });

  test("is refused for another processor", () => {
    expect(() => spec({ Image: "i" }, "linux/s390x")).toThrow("containers run on the machine's own processor");
    expect(() => spec({ Image: "i" }, "windows")).toThrow("--platform windows is not");
  });

  test.each<object>([
    { DeviceRequests: null, StorageOpt: null, CgroupParent: "", UsernsMode: "", Isolation: "", VolumeDriver: "" },
    { DeviceRequests: [], StorageOpt: {}, UsernsMode: "host", Isolation: "default", VolumeDriver: "local" },
    { Mounts: null },
    mounts({}),
    mounts(null),
    mounts({ NoCopy: false, Labels: null, DriverConfig: null }),
    mounts({ DriverConfig: { Name: "", Options: null } }),
    mounts({ DriverConfig: { Name: "local", Options: {} } }),
  ])("is not refused for what clients write for nothing: %j", (host) => {
    for (const platform of [undefined, "linux", `linux/${goArchitecture(arch)}`])
      expect(() => spec({ Image: "i", HostConfig: host }, platform)).not.toThrow();
  });

  test.each([
    [{ NetworkMode: "host" }, {}, [{ network: "host" }]],
    [{ NetworkMode: "n1" }, {}, [{ network: "n1" }]],
    [
      { NetworkMode: "n1" },
      { n1: { Aliases: ["a"] }, n2: null },
      [{ network: "n1", aliases: ["a"] }, { network: "n2" }],
    ],
    [{}, { n2: { IPAMConfig: { IPv4Address: "10.0.0.9" } } }, [{ network: "n2", address: "10.0.0.9" }]],
    [
      { NetworkMode: "default" },
      { default: { MacAddress: "02:00:00:00:00:01" } },
      [{ network: "bridge", mac: "02:00:00:00:00:01" }],
    ],
    [{ NetworkMode: "container:x" }, {}, [{ network: "container:x" }]],
    [{ NetworkMode: "bridge" }, {}, [{ network: "bridge" }]],
  ])("has the networks of mode %j and endpoints %j", (host, endpoints, networks) => {
    const body = { Image: "i", HostConfig: host, NetworkingConfig: { EndpointsConfig: endpoints } };
    expect(spec(body).networks).toEqual(networks);
  });

  test("has the ports, volumes and limits that it says", () => {
    const { publish, expose } = spec({
      ExposedPorts: { "80/tcp": {} },
      HostConfig: {
        PortBindings: {
          "80/tcp": [
            { HostIp: "", HostPort: "8080" },
            { HostIp: "::1", HostPort: "" },
          ],
          "53/udp": null,
          "90/tcp": [{ HostIp: "127.0.0.1", HostPort: "9000" }],
        },
      },
    });
    expect(expose).toEqual(["80/tcp"]);
    expect(publish).toEqual(["8080:80/tcp", "[::1]::80/tcp", "53/udp", "127.0.0.1:9000:90/tcp"]);
    expect(
      spec({
        Volumes: { "/a": {}, "/b": {} },
        HostConfig: { Binds: ["v:/a:ro"], Tmpfs: { "/t": "size=1m", "/u": "" } },
      }),
    ).toMatchObject({ volumes: ["v:/a:ro", "/b"], tmpfs: ["/t:size=1m", "/u"] });
    expect(
      spec({ HostConfig: { NanoCpus: 1.5e9, Memory: 1 << 26, Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }] } }),
    ).toMatchObject({ cpus: 1.5, memory: 1 << 26, ulimits: [{ name: "nofile", soft: 1, hard: 2 }] });
    expect(spec({ Entrypoint: [""], Cmd: "sh", Healthcheck: { Test: ["CMD", "x"], Interval: 2e9 } })).toMatchObject({
      entrypoint: [],
      command: ["sh"],
      health: { test: ["CMD", "x"], interval: 2000 },
    });
  });
});
