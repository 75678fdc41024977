import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import type { HostMap } from "../../src/api/index.js";
import { mapSvg } from "../../src/presenters/map/map-svg.js";
import { clusterMap, crowd, oddMap, sampleMap } from "../support/map/sample-map.js";

/** What Chromium shows of a picture. */
interface Shown {
  /** Pairs of texts that overlap, and texts of which a part is outside. */
  readonly overlapping: readonly string[];
  readonly outside: readonly string[];
  readonly texts: number;
  /** Of the whole picture and of the darkest text. */
  readonly background: string;
  readonly ink: string;
}

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
});
afterAll(() => browser.close());

/** An expression, which runs in the page. */
const lookAtPicture = readFileSync("test/support/map/look-at-picture.js", "utf8");

async function show(page: Page, map: HostMap): Promise<Shown> {
  const document = `<!doctype html><style>:root{color-scheme:light dark}body{margin:0}</style>${mapSvg(map)}`;
  await page.setContent(document);
  return page.evaluate<Shown>(lookAtPicture);
}

/** A blank screenshot compresses to almost nothing. */
async function bytesOf(page: Page): Promise<number> {
  return (await page.locator("svg").screenshot()).length;
}

const maps: Readonly<Record<string, HostMap>> = {
  "a host with something of everything": sampleMap,
  ...Object.fromEntries([0, 1, 5, 12, 13, 60].map((count) => [`${count} containers`, crowd(count)])),
  "names that are long, wide, right-to-left or markup": oddMap,
  "containers of other hosts": clusterMap,
  "such names in rows": { ...oddMap, stacks: [...oddMap.stacks, ...crowd(14).stacks] },
};

describe.each(["light", "dark"] as const)("pictures in %s", (colorScheme) => {
  let page: Page;
  beforeAll(async () => {
    page = await browser.newPage({ colorScheme });
  });
  afterAll(() => page.close());

  test.each(Object.entries(maps))("%s: no text overlaps another, and nothing is outside", async (_name, map) => {
    const { overlapping, outside, texts, background, ink } = await show(page, map);
    expect({ overlapping, outside }).toEqual({ overlapping: [], outside: [] });
    expect(texts).toBeGreaterThan(map.networks.length * 2);
    const isDark = (colour: string): boolean => Number(/\d+/.exec(colour)?.[0]) < 100;
    expect([isDark(background), isDark(ink)]).toEqual(colorScheme === "dark" ? [true, false] : [false, true]);
  });

  test("a picture is not blank", async () => {
    await show(page, sampleMap);
    expect(await bytesOf(page)).toBeGreaterThan(15_000);
  });
});

test("names are not run as scripts, and a picture loads nothing", async () => {
  const page = await browser.newPage();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("dialog", (dialog) => requests.push(dialog.message()));
  await show(page, oddMap);
  expect(await page.locator("svg script, svg [onload], svg a").count()).toBe(0);
  expect(requests).toEqual([]);
  await page.close();
});
