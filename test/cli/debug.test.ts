import { expect, test } from "@jest/globals";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

test.each([
  [["--debug", "network", "create", "net"]],
  [["network", "create", "--debug", "net"]],
  [["-D", "network", "create", "net"]],
])("tsd %j prints each step on standard error, with the time it took", async (words) => {
  const { host } = lab();
  const { code, stdout, stderr } = await host.tsd(words);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/) });
  expect(stderr).toMatch(/^tsd: debug: [\d.]+ ms \? netlink \([\d.]+ ms\) list routes$/m);
  expect(stderr).toMatch(/^tsd: debug: [\d.]+ ms ! store \([\d.]+ ms\) transaction$/m);
  expect(stderr).toMatch(/^tsd: debug: [\d.]+ ms ! netlink \([\d.]+ ms\) create link br-[0-9a-f]{12}$/m);
  expect(stderr).toMatch(/^tsd: debug: [\d.]+ ms ! netlink \([\d.]+ ms\) \{"nftables":/m);
  expect(await host.tsd(["network", "rm", "net"])).toEqual({ code: 0, stdout: "net\n", stderr: "" });
});
