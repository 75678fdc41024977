import { expect, test } from "@jest/globals";
import { parseStatistics } from "../../../../src/kernel/host/table-statistics.js";

test("counts are summed over processors, the size of the table is not, and names are those of the kernel", () => {
  const text = "entries  allocs   table_fulls\n00000400 0000142a 000076f1\n00000400 00001431 00005d16\n";
  expect(parseStatistics(text)).toEqual({ entries: 0x400, allocs: 0x142a + 0x1431, table_fulls: 0x76f1 + 0x5d16 });
  expect(parseStatistics("entries drop\n")).toEqual({ entries: 0, drop: 0 });
});
