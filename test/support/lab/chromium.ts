import { rmSync, writeFileSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import type { Host } from "./host.js";

/** Debian's Chromium on a host of the lab. */
export async function startChromium(host: Host): Promise<Browser> {
  const inside = `${host.root}/chromium`;
  writeFileSync(inside, `#!/bin/sh\nexec nsenter --net=${host.path} -- /usr/bin/chromium "$@"\n`, { mode: 0o755 });
  const browser = await chromium.launch({
    executablePath: inside,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--disable-sync"],
  });
  rmSync(inside);
  return browser;
}
