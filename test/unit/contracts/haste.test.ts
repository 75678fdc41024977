import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { callWithin, inHaste, sharedHaste } from "../../../src/contracts/haste.js";

/** What a plug-in does with the time that it gets. */
type Reply = (milliseconds: number) => Promise<string>;

const silence = new Error("it did not reply");
const given: number[] = [];
let passed = 0;
jest.spyOn(process, "hrtime").mockImplementation(() => [passed / 1000, 0]);
afterEach(() => void given.splice(0));

const obeys: Reply = async () => "done";
const refuses: Reply = () => Promise.reject(new Error("no"));
const hangs: Reply = async (milliseconds) => {
  passed += milliseconds;
  throw silence;
};
const ask = (plugin: string, reply: Reply): Promise<string> =>
  callWithin(plugin, 30_000, (milliseconds) => {
    given.push(milliseconds);
    return reply(milliseconds);
  });

describe("a call of a plug-in", () => {
  test("has its usual time, every time, where there is no haste", async () => {
    await expect(ask("a", hangs)).rejects.toBe(silence);
    await expect(ask("a", obeys)).resolves.toBe("done");
    expect(given).toEqual([30_000, 30_000]);
  });

  test("has little time in haste, and is not made again once one has let it pass", async () => {
    await inHaste(async () => {
      await expect(ask("a", hangs)).rejects.toBe(silence);
      await expect(inHaste(() => ask("a", obeys))).rejects.toBe(silence);
      await expect(ask("b", refuses)).rejects.toThrow("no");
      await expect(ask("b", obeys)).resolves.toBe("done");
    });
    expect(given).toEqual([5000, 5000, 5000]);
    await expect(inHaste(() => ask("a", obeys))).resolves.toBe("done");
  });

  test("is not made again in other works of one haste, and is in those of another", async () => {
    const hasten = sharedHaste();
    await expect(hasten(() => ask("a", hangs))).rejects.toBe(silence);
    await expect(hasten(() => ask("a", obeys))).rejects.toBe(silence);
    await expect(sharedHaste()(() => ask("a", obeys))).resolves.toBe("done");
    await expect(ask("a", obeys)).resolves.toBe("done");
    expect(given).toEqual([5000, 5000, 30_000]);
  });
});
