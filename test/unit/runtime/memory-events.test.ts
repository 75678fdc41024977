import { expect, test } from "@jest/globals";
import { countsKills } from "../../../src/runtime/memory-events.js";

test.each([
  ["low 0\nhigh 0\nmax 12\noom 3\noom_kill 1\noom_group_kill 0\n", true],
  ["low 0\nmax 12\noom 3\noom_kill 0\noom_group_kill 1\n", false],
  ["oom_kill_disable 0\nunder_oom 0\noom_kill 10\n", true],
  ["oom_kill_disable 1\nunder_oom 1\noom_kill 0\n", false],
  ["", false],
])("%j counts kills: %j", (events, expected) => expect(countsKills(events)).toBe(expected));
