/**
 * A tsd of the library in a process that stays: for each line `{ "area": …, "method": …, "args": […] }` it opens tsd again,
 * which finishes what dead processes left, calls that use case, closes, and prints a line: the error, or the result. A plug-in
 * may be named behind the library.
 */
import { createInterface } from "node:readline";

const [, , library, plugin] = process.argv;
const { openTsd } = await import(library);
const extensions = plugin === undefined ? [] : [(await import(plugin)).default];

for await (const line of createInterface({ input: process.stdin })) {
  const { area, method, args } = JSON.parse(line);
  let answer;
  const tsd = await openTsd({ extensions });
  try {
    if (tsd.unfinished !== undefined) throw tsd.unfinished;
    answer = { result: await tsd[area][method](...args) };
  } catch (error) {
    answer = { error: error.message };
  } finally {
    tsd.close();
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
