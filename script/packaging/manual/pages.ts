import { commands } from "../../../src/commands/registry.js";
import { commandPage, pageName } from "./command-page.ts";
import { outlineOf } from "./outline.ts";
import { programPage } from "./program-page.ts";

/** All pages of the manual, by the names of their files. `date` is ISO 8601, without time. */
export async function manualPages(readme: string, date: string): Promise<ReadonlyMap<string, string>> {
  const listed = Object.entries(commands).filter(([, { hidden }]) => !hidden);
  const pages = listed.map(async ([id, entry]): Promise<readonly [string, string]> => {
    const { default: command } = await entry.load();
    return [`${pageName(id)}.1`, commandPage(outlineOf(id, entry, command), date)];
  });
  return new Map([["tsd.1", programPage(Object.fromEntries(listed), readme, date)], ...(await Promise.all(pages))]);
}
