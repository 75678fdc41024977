import { expect, test } from "@jest/globals";
import { parseInterfaces } from "../../../src/runtime/interface-counters.js";
import { selectProcesses } from "../../../src/runtime/process-list.js";
import { type ReadGroup, usageOf } from "../../../src/runtime/usage.js";

const version1: Readonly<Record<string, string>> = {
  "cpuacct/cpuacct.usage": "1234567890\n",
  "cpuacct/cpuacct.stat": "user 80\nsystem 41\n",
  "cpu/cpu.stat": "nr_periods 7\nnr_throttled 2\nthrottled_time 3000\n",
  "memory/memory.usage_in_bytes": "5000\n",
  "memory/memory.stat": "inactive_file 7\ntotal_inactive_file 1000\n",
  "memory/memory.limit_in_bytes": "9223372036854771712\n",
  "pids/pids.current": "3\n",
  "blkio/blkio.throttle.io_service_bytes": "8:0 Read 4096\n8:0 Write 1\n8:16 Read 4\n8:16 Total 5\nTotal 4101\n",
};
const version2: Readonly<Record<string, string>> = {
  "cpu.stat":
    "usage_usec 1234567\nuser_usec 1200000\nsystem_usec 34567\nnr_periods 7\nnr_throttled 2\nthrottled_usec 3\n",
  "memory.current": "5000\n",
  "memory.stat": "anon 1\ninactive_file 1000\n",
  "memory.max": "67108864\n",
  "pids.current": "3\n",
  "io.stat": "8:0 rbytes=4096 wbytes=1 rios=1\n8:16 rbytes=4 wbytes=0\n",
};

const throttling = { periods: 7, throttledPeriods: 2, throttledTime: 3000 };

test.each<[string, ReadGroup, object]>([
  [
    "version 1",
    ({ v1 }) => version1[v1],
    {
      ...{ cpu: 1234567890, cpuUser: 800_000_000, cpuKernel: 410_000_000, throttling },
      ...{ memory: 4000, pids: 3, blockRead: 4100, blockWritten: 1 },
    },
  ],
  [
    "version 2",
    ({ v2 }) => version2[v2],
    {
      ...{ cpu: 1234567000, cpuUser: 1_200_000_000, cpuKernel: 34_567_000, throttling },
      ...{ memory: 4000, limit: 67108864, pids: 3, blockRead: 4100, blockWritten: 1 },
    },
  ],
  ["none", () => undefined, {}],
  ["a version 2 group without a limit", ({ v2 }) => (v2 === "memory.max" ? "max\n" : undefined), {}],
])("what control groups of %s have counted", (_name, read, expected) => {
  expect(usageOf(read)).toEqual(expected);
});

test("lines of ps are chosen by their pids, wherever that column is, and commands keep their blanks", () => {
  const listing = "USER PID CMD\nroot 7 sh -c  x\nroot 70 cat 7\nroot 8\n";
  expect(selectProcesses(listing, [7, 8])).toEqual({
    titles: ["USER", "PID", "CMD"],
    processes: [
      ["root", "7", "sh -c x"],
      ["root", "8", ""],
    ],
  });
  expect(selectProcesses("COMMAND\nsh\n", [7])).toBeUndefined();
});

test("counters of interfaces are read by their columns, without loopback and what is cut off", () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
  eth0: 1200 3 0 1 0 0 0 0 800 2 0 4 0 0 0 0
eth1:7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0
  eth2: 1 2 3`;
  expect(parseInterfaces(text)).toEqual([
    {
      interface: "eth0",
      received: { bytes: 1200, packets: 3, dropped: 1 },
      sent: { bytes: 800, packets: 2, dropped: 4 },
    },
    {
      interface: "eth1",
      received: { bytes: 7, packets: 1, dropped: 0 },
      sent: { bytes: 8, packets: 1, dropped: 0 },
    },
  ]);
});
