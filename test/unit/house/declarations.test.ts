import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { SeededProject } from "../../support/house/seeded-project.js";

const project = new SeededProject();
afterAll(() => project.remove());

const api = `import type { Readable } from "node:stream";
export * from "./thing.js";
/** Comments are no part of it. */
export interface Source { readonly from: Readable; }
`;
const thing =
  "interface Base { readonly id: string; }\nexport interface Thing extends Base { readonly size?: number; }\n";
const open = `export * from "./api/index.js";
import type { Thing } from "./api/index.js";
export async function open(): Promise<Thing> { return (await import("./elsewhere.js")).open(); }
`;

function check(mode: "compare" | "renew"): { readonly status: number | null; readonly output: string } {
  const script = resolve("script/declarations/check-declarations.ts");
  return project.run("env", `TSD_UPDATE_GOLDEN=${mode === "renew" ? 1 : 0}`, "node", script, project.root);
}

test("a change of what programs get is refused until docs/api is renewed, and a move of it is none", () => {
  project.write("src/api/index.ts", api);
  project.write("src/api/thing.ts", thing);
  project.write("src/index.ts", open);
  project.write("src/testing/index.ts", "");
  expect(check("compare").output).toContain("docs/api/api.d.ts is not what @tsdnet/tsd/api declares now.");
  expect(check("renew")).toEqual({ status: 0, output: "" });
  const [apiReport, report] = ["api", "index"].map((name) =>
    readFileSync(join(project.root, `docs/api/${name}.d.ts`), "utf8")
      .split("\n\n")
      .slice(1)
      .join("\n\n"),
  );
  expect(apiReport).toBe(`interface Base {
    readonly id: string;
}

import type { Readable } from "node:stream";

export interface Source {
    readonly from: Readable;
}

export interface Thing extends Base {
    readonly size?: number;
}
`);
  expect(report).toBe(`export * from "./api.js";\n\nexport declare function open(): Promise<Thing>;\n`);

  project.write("src/api/thing.ts", thing.replace("size?: number", "size: number"));
  const changed = check("compare");
  expect(changed.status).toBe(1);
  expect(changed.output).toContain("-    readonly size?: number;\n+    readonly size: number;");
  expect(changed.output).toContain("TSD_UPDATE_GOLDEN=1 script/check");

  project.write("src/api/index.ts", `${api.replace('export * from "./thing.js";', "")}${thing}`);
  expect(check("compare")).toEqual({ status: 0, output: "" });
});

test("a declaration whose type is not written out is refused, since it can change with any other file", () => {
  project.write("src/api/index.ts", `import { size } from "./thing.js";\nexport const doubled = size(2);\n`);
  project.write("src/api/thing.ts", "export function size(x: number): number { return x; }\n");
  expect(check("compare").output).toContain("TS9010");
});
