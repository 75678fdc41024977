import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { lackingRoutes } from "../../../src/engine-api/routes/lacking.js";
import { routes } from "../../../src/engine-api/routes/table.js";

test("docs/engine-api.md has each request that is served, and no other", () => {
  const page = readFileSync("docs/engine-api.md", "utf8");
  const [, table = ""] = /## What is served\n(.*?)\n## /s.exec(page) ?? [];
  const written = [...table.matchAll(/`((?:GET|HEAD|POST|PUT|DELETE) [^`]+)`/g)].map(([, request]) => request);
  const served = routes
    .filter((route) => !lackingRoutes.includes(route))
    .map(({ method, path }) => `${method} ${path.replaceAll("*}", "}")}`);
  expect(written.sort()).toEqual(served.sort());
});
