import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { manualPages } from "../../../script/packaging/manual/pages.ts";
import { text } from "../../../script/packaging/manual/roff.ts";

test.each([
  ["a-b", "a\\-b"],
  [".TH at its begin\n.and again", "\\&.TH at its begin\n\\&.and again"],
  ["'{{.Name}}' `x` ~ ^", "\\(aq{{.Name}}\\(aq \\(gax\\(ga \\(ti \\(ha"],
  ["C:\\n", "C:\\en"],
])("man(7) prints %j as it is", (words, roff) => {
  expect(text(words)).toBe(roff);
});

test("each command has a page, of requests of man(7) alone, with all its flags and examples", async () => {
  const pages = await manualPages(readFileSync("README.md", "utf8"), "2026-01-02");
  for (const page of pages.values()) {
    const requests = page.match(/^\.\S+/gm) ?? [];
    expect(requests.filter((request) => !/^\.(TH|SH|TP|PP|nf|fi)$/.test(request))).toEqual([]);
    expect(page).toMatch(/^\.TH "TSD\S*" 1 "2026-01-02" "tsd" "User Commands"\n\.SH NAME\ntsd\S* \\- \S/);
    expect(page).not.toMatch(/undefined|<%/);
  }
  expect(pages.get("tsd.1")).toContain(".TP\n\\fBTSD_ROOT\\fR\nstate that survives a reboot. Default: /var/lib/tsd.\n");
  const create = pages.get("tsd-network-create.1") ?? "";
  expect(create).toContain(".SH SYNOPSIS\n.nf\ntsd network create [FLAGS] NAME\n.fi\n");
  expect(create).toContain(
    ".TP\n\\fB\\-d\\fR, \\fB\\-\\-driver\\fR=\\fIVALUE\\fR\nKind of network; a plug\\-in of another engine by cni:TYPE, docker:NAME or netavark:NAME. Default: bridge.\n",
  );
  expect(create).toContain(
    "\ntsd network create \\-\\-driver bridge \\-\\-subnet 10.10.10.0/24 \\-\\-gateway 10.10.10.1 web\n",
  );
  expect(pages.get("tsd-network-ls.1")).toContain(".SH ALIASES\n.nf\ntsd network list\n.fi\n");
  expect(pages.has("tsd-container-release.1")).toBe(false);
});
