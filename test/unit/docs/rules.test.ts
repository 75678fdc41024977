import { readFileSync } from "node:fs";
import { test } from "@jest/globals";
import { expectFile, goldenCases, goldenPath } from "../nat/golden-cases.js";

test("docs/rules.md prints the golden files of both backends", () => {
  const golden = (name: string): string => readFileSync(goldenPath(name), "utf8").trimEnd();
  const iptables = (text: string): string =>
    text === ""
      ? "iptables cannot do this, and refuses it."
      : `iptables, as \`iptables-restore --noflush\` takes it:\n\n\`\`\`\n${text}\n\`\`\``;
  const features = Object.entries(goldenCases).map(
    ([name, { title }]) => `## ${title}

nftables, as \`nft -j\` takes it:

\`\`\`
${golden(`${name}.txt`)}
\`\`\`

${iptables(golden(`${name}.iptables`))}
`,
  );
  expectFile(
    "docs/rules.md",
    `# Every rule

This page lists what tsd sends to the packet filter, feature by feature. It prints the golden files of the tests, so it is exact
for this version. The network's id is all ones, the endpoint's all twos. Each element or rule has its owner's id as comment.

${features.join("\n")}
## The constant rules of nftables

All that there is beside elements, whatever the number of networks and ports.

\`\`\`
${golden("skeleton.nft")}
\`\`\`

## The chains of iptables

\`\`\`
${golden("skeleton.iptables")}
\`\`\`
`,
  );
});
