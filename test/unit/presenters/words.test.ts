import { describe, expect, test } from "@jest/globals";
import { byteSize } from "../../../src/presenters/byte-size.js";
import { containerStatus } from "../../../src/presenters/container-status.js";
import { humanDuration, timeAgo } from "../../../src/presenters/human-duration.js";
import { progressBar } from "../../../src/presenters/progress-bar.js";
import { systemInfoText } from "../../../src/presenters/system-info.js";
import { makeContainer, now } from "./samples.js";

const second = 1000;
const day = 86_400 * second;

describe("humanDuration says what docker says", () => {
  test.each([
    [-5 * second, "Less than a second"],
    [999, "Less than a second"],
    [second, "1 second"],
    [59 * second, "59 seconds"],
    [60 * second, "About a minute"],
    [119 * second, "About a minute"],
    [120 * second, "2 minutes"],
    [59.9 * 60 * second, "59 minutes"],
    [3600 * second, "About an hour"],
    [5399 * second, "About an hour"],
    [5400 * second, "2 hours"],
    [47 * 3600 * second, "47 hours"],
    [2 * day, "2 days"],
    [13 * day, "13 days"],
    [14 * day, "2 weeks"],
    [59 * day, "8 weeks"],
    [60 * day, "2 months"],
    [729 * day, "24 months"],
    [730 * day, "2 years"],
  ])("%d ms: %s", (milliseconds, words) => {
    expect(humanDuration(milliseconds)).toBe(words);
  });

  test("timeAgo counts from the time given", () => {
    expect(timeAgo("2026-01-02T03:11:05Z", now)).toBe("3 minutes ago");
  });
});

test.each([
  [0, "0B"],
  [999, "999B"],
  [1000, "1kB"],
  [4_261_550, "4.26MB"],
  [72_912_345, "72.9MB"],
  [999_600, "1MB"],
  [123_456_789_012, "123GB"],
])("byteSize(%d) is %s", (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});

test.each([
  [{ status: "created" }, "Created"],
  [{ status: "starting" }, "Starting"],
  [{ status: "running" }, "Up 3 minutes"],
  [{ status: "stopping" }, "Stopping"],
  [{ status: "exited", exitCode: 137, finishedAt: "2026-01-02T03:14:03Z" }, "Exited (137) 2 seconds ago"],
] as const)("containerStatus of %j", (changes, text) => {
  expect(containerStatus(makeContainer(changes), now)).toBe(text);
});

describe("progressBar", () => {
  test.each([
    [{ done: 0, total: 100 }, "x.tar  [>                   ]  0B/100B"],
    [{ done: 50, total: 100 }, "x.tar  [=========>         ]  50B/100B"],
    [{ done: 100, total: 100 }, "x.tar  [=================>]  100B/100B"],
    [{ done: 2_000_000, total: undefined }, "x.tar  2MB"],
  ])("%j", (state, text) => {
    expect(progressBar("x.tar", state, 38)).toBe(text);
  });

  test("never exceeds the width, nor 100 %", () => {
    for (const width of [5, 20, 40, 200]) {
      expect(progressBar("a-long-name.tar.gz", { done: 500, total: 100 }, width).length).toBeLessThanOrEqual(width);
    }
  });
});

const info = {
  version: "1.0.0",
  apiVersion: 1,
  javascript: { runtime: "Node.js", version: "v26.0.0", path: "/usr/bin/node" },
  kernel: "6.18.0",
  root: "/var/lib/tsd",
  run: "/run/tsd",
  drivers: ["bridge", "host"],
  nat: { backend: "nftables", why: "the first that works here", version: "1.0.6", transport: "netlink" },
  runtime: { crun: "1.8.1", conmon: "2.1.6" },
  networks: 2,
  containers: { total: 3, running: 1 },
  images: 4,
};

test("systemInfoText lines everything up", () => {
  expect(systemInfoText(info)).toBe(
    [
      "Version:         1.0.0 (API 1)",
      "JavaScript:      Node.js v26.0.0 (/usr/bin/node)",
      "Kernel:          6.18.0",
      "State:           /var/lib/tsd",
      "Run-time files:  /run/tsd",
      "Network drivers: bridge, host",
      "NAT backend:     nftables 1.0.6 by netlink (the first that works here)",
      "Runtime:         crun 1.8.1, conmon 2.1.6",
      "Networks:        2",
      "Containers:      3 (1 running)",
      "Images:          4",
      "",
    ].join("\n"),
  );
});

test("systemInfoText says what does not work as doctor does", () => {
  const problem =
    "the NAT backend nftables does not work here: nft is not installed. Install it: apt-get install nftables";
  const text = systemInfoText({
    ...info,
    nat: { ...info.nat, version: "", problem },
    runtime: { problem: "the program conmon is not installed. Install it: apt-get install conmon" },
  });
  expect(text).toContain(`NAT backend:     ${problem}\n`);
  expect(text).toContain("Runtime:         the program conmon is not installed. Install it: apt-get install conmon\n");
});
