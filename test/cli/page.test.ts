import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { eventually } from "../support/eventually.js";
import { startChromium } from "../support/lab/chromium.js";
import type { Program } from "../support/lab/program.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab({ shared: true });
let server: Program;
let address: string;
let browser: Browser;
let page: Page;
/** What the browser complains of, and what it asks of other servers. */
const complaints: string[] = [];
/** Enough for a machine that is busy with other tests. */
const timeout = 30_000;

/** A directory for pictures that a developer looks at. */
const pictures = process.env.TSD_PICTURES;

async function photograph(name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

const run = (name: string, ...flags: readonly string[]): Promise<string> =>
  lab().host.mustTsd(["run", "-d", "--name", name, ...flags, "busybox", "sleep", "600"]);

beforeAll(async () => {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.98.1.0/24", "front"]);
  await host.mustTsd(["network", "create", "--subnet", "10.98.2.0/24", "back"]);
  await run("web", "--net", "front", "-p", "8080:80");
  await run("db", "--net", "back");
  server = host.startTsd(["system", "page", "127.0.0.1:0"], { timeout: 600_000 });
  address = /http:\S+/.exec(await server.saying("/\n"))?.[0] ?? "";
  browser = await startChromium(host);
  page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  page.setDefaultTimeout(timeout);
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (asked) => {
    if (!asked.url().startsWith(address)) complaints.push(asked.url());
  });
  await page.goto(address);
  await page.getByText("live", { exact: true }).waitFor();
  // It is lost if the page is loaded again.
  await page.evaluate(() => Object.assign(globalThis, { isStill: true }));
});
afterAll(async () => {
  await browser?.close();
});

const map = () => page.locator("#map");
const drift = () => page.locator("#drift");
const party = (name: string) => map().getByRole("button", { name, exact: true });
const verdict = () => page.locator("#explanation .answer");
const focused = `document.activeElement?.getAttribute("aria-label")`;

test("a container that comes is in the picture, in the list and among the events by itself, and goes again", async () => {
  const { host } = lab();
  await party("web").waitFor();
  expect(await party("late").count()).toBe(0);
  // The next picture that differs has it no more.
  await page.evaluate(`new MutationObserver(() => {
    for (const one of document.querySelectorAll("#map g.new")) (globalThis.came ??= []).push(one.getAttribute("aria-label"));
  }).observe(document.getElementById("map"), { childList: true })`);
  await run("late", "--net", "front");
  await party("late").waitFor();
  expect(await page.evaluate("[...new Set(globalThis.came)]")).toEqual(["late"]);
  expect(await map().locator("table").textContent()).toContain("late");
  await page.locator("#changes li", { hasText: /container late start$/ }).waitFor();
  await host.mustTsd(["rm", "-f", "late"]);
  await party("late").waitFor({ state: "detached" });
  expect(await page.evaluate(() => "isStill" in globalThis)).toBe(true);
});

test("a deleted rule is shown with what reload would do, until reload has done it", async () => {
  const { host } = lab();
  await drift().getByText("Everything is as tsd made it.").waitFor();
  await host.mustRun(["nft", "delete element inet tsd publish4 { tcp . 8080 }"]);
  await drift().locator(".drifts li").waitFor();
  expect(await drift().locator(".drifts").textContent()).toBe("endpoint web: published port 8080/tcp is missing");
  expect(await drift().locator(".plan").textContent()).toMatch(/^make published port 8080\/tcp\n {4}nft -j -f -/);
  expect(await page.locator("#health").textContent()).toBe("1 difference");
  await photograph("drift");
  await host.mustTsd(["reload"]);
  await drift().getByText("Everything is as tsd made it.").waitFor();
});

describe("who reaches whom", () => {
  test("by two clicks, with the hop and the rule that decides", async () => {
    await party("web").click();
    await page.getByText("From web to whom?").waitFor();
    await party("db").click();
    await verdict().waitFor();
    expect(await verdict().textContent()).toBe("web does not reach db");
    expect(await page.locator(".decides code").textContent()).toMatch(/inet tsd/);
    await photograph("explained");
  });

  test("by the keyboard alone, at a published port, from outside", async () => {
    await party("outside").focus();
    await page.keyboard.press("Enter");
    for (let left = 20; left > 0; left -= 1) {
      if ((await page.evaluate(focused)) === "web") break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await eventually(async () => expect(await verdict().textContent()).toBe("outside reaches 198.51.100.2:8080/tcp"));
    // A part that is replaced leaves the focus where it is.
    await run("passing", "--net", "front");
    await party("passing").waitFor();
    await lab().host.mustTsd(["rm", "-f", "passing"]);
    await party("passing").waitFor({ state: "detached" });
    expect(await page.evaluate(focused)).toBe("web");
  });

  test("by two clicks, a container that is called as the world outside is", async () => {
    const { host } = lab();
    const id = (await run("outside", "--net", "back")).trim();
    await party("outside").nth(1).waitFor();
    await page.locator(`[data-stack="${id}"]`).click();
    await page.getByText("From outside to whom?").waitFor();
    await party("db").click();
    await eventually(async () => expect(await verdict().textContent()).toBe("outside reaches db"));
    expect(await page.locator(".hops").textContent()).toContain("container outside");
    await host.mustTsd(["rm", "-f", id]);
    await party("outside").nth(1).waitFor({ state: "detached" });
  });

  test("and the reply to an earlier question does not replace that to a later one", async () => {
    const late = Promise.withResolvers<void>();
    await page.route(/explain\?from=web&to=host/, async (route) => {
      await late.promise;
      await route.continue();
    });
    const ask = async (to: string) => {
      await page.getByLabel("From").fill("web");
      await page.getByLabel("To", { exact: true }).fill(to);
      await page.keyboard.press("Enter");
    };
    await ask("host");
    await ask("db");
    await eventually(async () => expect(await verdict().textContent()).toBe("web does not reach db"));
    const replied = page.waitForResponse(/explain\?from=web&to=host/);
    late.resolve();
    await (await replied).finished();
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    expect(await verdict().textContent()).toBe("web does not reach db");
    await page.unroute(/explain/);
  });

  test("by words, and a name that nobody has is refused in words", async () => {
    await page.getByLabel("From").fill("db");
    await page.getByLabel("To", { exact: true }).fill("<img src=x onerror=alert(1)>");
    await page.keyboard.press("Enter");
    await eventually(async () => expect(await verdict().textContent()).toContain("<img src=x"));
  });
});

test("traffic is shown by network and by port while it flows", async () => {
  const ping = lab().host.start(["ping", "-q", "-i", "0.01", "-s", "1000", "10.98.1.2"], { timeout: 600_000 });
  await page
    .locator("#traffic tr", { hasText: "front" })
    .getByText(/[1-9]\S*kB\/s/)
    .first()
    .waitFor();
  expect(await page.locator("#traffic tr", { hasText: ":8080/tcp" }).textContent()).toMatch(/web :80/);
  ping.kill("SIGTERM");
  await ping.ended;
});

test("it is dark where its reader is, and fits a phone", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  const colours = await page.evaluate<readonly string[]>(
    `["body", "section"].map((one) => getComputedStyle(document.querySelector(one)).backgroundColor).concat(getComputedStyle(document.querySelector(".picture .bg")).fill)`,
  );
  expect(colours.map((colour) => Number(/\d+/.exec(colour)?.[0]) < 50)).toEqual([true, true, true]);
  await photograph("dark");
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  await photograph("phone");
});

test("without its script it is a list, and questions are asked by its form", async () => {
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  plain.setDefaultTimeout(timeout);
  await plain.goto(address);
  await plain.getByText("The same as a list").click();
  expect(await plain.locator("#map table").textContent()).toMatch(/web\s*running\s*front/);
  await plain.getByLabel("From").fill("web");
  await plain.getByLabel("To", { exact: true }).fill("db");
  await plain.getByRole("button", { name: "Explain" }).click();
  expect(await plain.locator("#explanation .answer").textContent()).toBe("web does not reach db");
  await plain.close();
});

test("at its end the page says so, the browser has nothing to complain of, and nothing is left", async () => {
  const { host } = lab();
  expect(complaints).toEqual([]);
  server.kill("SIGTERM");
  expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
  await page.getByText("no connection, trying again").waitFor();
  await browser.close();
  await host.mustTsd(["rm", "-f", "web", "db"]);
  await host.mustTsd(["network", "rm", "front", "back"]);
});

/** The status of a request to a socket, and the text of the reply. */
function ask(socketPath: string, path: string, headers: Readonly<Record<string, string>>, method = "GET") {
  return new Promise<readonly [number | undefined, string]>((resolve, reject) => {
    const asked = request({ socketPath, path, headers, method }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.once("end", () => resolve([response.statusCode, text]));
    });
    asked.once("error", reject).end();
  });
}

test("on a socket it is served to who has the token and means this machine, and to one process at a time", async () => {
  const { host } = lab();
  const socket = `${host.runDirectory}/page.sock`;
  const program = host.startTsd(["system", "page"], { timeout: 600_000 });
  const said = await program.saying("/\n");
  const path = /localhost:8080(\/\S+\/)\n/.exec(said)?.[1] ?? "";
  const own = { host: "localhost:8080" };
  expect(await ask(socket, path, own)).toEqual([200, expect.stringContaining('<h2 id="networks">')]);
  expect(await ask(socket, path, { host: "rebound.example" })).toEqual([421, expect.stringContaining("another host")]);
  for (const wrong of ["/", "/x/", `${path.slice(0, -2)}/`, `//${path}`]) {
    expect(await ask(socket, wrong, own)).toEqual([404, expect.stringContaining("token")]);
  }
  expect(await ask(socket, path, own, "POST")).toEqual([405, expect.stringContaining("changes nothing")]);
  const second = await host.tsd(["system", "page"]);
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining(`(process ${program.pid})`) });
  program.kill("SIGTERM");
  expect(await program.ended).toMatchObject({ code: 0, stderr: "" });
});
